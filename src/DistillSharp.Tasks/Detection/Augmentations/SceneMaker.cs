using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Augmentations;

/// <summary>Makes one augmented picture: chooses its partners, puts them together, changes them. What it makes is a function of (seed, epoch, index). For one thread.</summary>
internal sealed class SceneMaker
{
    private readonly Canvas _canvas = new();
    private readonly SceneWriter _writer = new();
    private byte[] _other = [];

    /// <summary>The boxes of the last picture, in pixels of the input.</summary>
    public List<(int Class, BoundingBox Box)> Boxes { get; } = [];

    /// <summary>Makes a picture.</summary>
    /// <param name="plan">What is drawn from.</param>
    /// <param name="index">The picture's position in its source.</param>
    /// <param name="random">Its own numbers.</param>
    /// <param name="size">The input's size.</param>
    /// <param name="target">The input, <c>[3, H, W]</c>.</param>
    /// <exception cref="DataException">The picture cannot be read.</exception>
    public void Make(ScenePlan plan, int index, SampleRandom random, (int Width, int Height) size, Span<byte> target)
    {
        var options = plan.Options;
        Boxes.Clear();
        var colours = ColourChange.Draw(options, ref random);
        bool leftRight = random.NextBool(options.FlipLr), upDown = random.NextBool(options.FlipUd), mixes = random.NextBool(options.MixUp) && !plan.IsClosed;

        // Colours are changed after mixing, as one picture.
        One(plan, index, ref random, mixes ? new(1, 1, 1) : colours, (leftRight, upDown), size, target);
        if (!mixes)
        {
            return;
        }

        if (_other.Length < target.Length)
        {
            _other = new byte[target.Length];
        }

        var other = _other.AsSpan(0, target.Length);
        One(plan, plan.Partner(ref random), ref random, new(1, 1, 1), (leftRight, upDown), size, other, fallback: index);
        int share = (int)Math.Round(65536 * Beta(ref random, 32));
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = (byte)(((target[i] * share) + (other[i] * (65536 - share)) + 32768) >> 16);
        }

        int plane = size.Width * size.Height;
        colours.Apply(target[..plane], target.Slice(plane, plane), target.Slice(2 * plane, plane));
    }

    /// <summary>A number from Beta(n, n), by the ratio of sums of n exponential numbers.</summary>
    internal static double Beta(ref SampleRandom random, int n)
    {
        double a = 0, b = 0;
        for (int i = 0; i < n; i++)
        {
            a -= Math.Log(1 - random.NextDouble());
            b -= Math.Log(1 - random.NextDouble());
        }

        return a / (a + b);
    }

    private void One(
        ScenePlan plan, int index, ref SampleRandom random, ColourChange colours, (bool LeftRight, bool UpDown) flips, (int Width, int Height) size, Span<byte> target, int? fallback = null)
    {
        var first = plan.Read(index, fallback);
        if (random.NextBool(plan.Options.Mosaic) && !plan.IsClosed && !plan.IsRectangular)
        {
            _canvas.Clear(2 * size.Width, 2 * size.Height);
            int x = (int)random.NextDouble(size.Width / 2.0, 1.5 * size.Width), y = (int)random.NextDouble(size.Height / 2.0, 1.5 * size.Height);
            _canvas.AddCorner(first.Image, first.Labels, 0, x, y);
            for (int corner = 1; corner < 4; corner++)
            {
                var (image, labels) = plan.Read(plan.Partner(ref random), fallback ?? index);
                _canvas.AddCorner(image, labels, corner, x, y);
            }
        }
        else
        {
            _canvas.Clear(size.Width, size.Height);
            _canvas.AddCentred(first.Image, first.Labels);
        }

        var transform = PlaneTransform.Draw(plan.Options, ref random, (_canvas.Width, _canvas.Height), size, out double scale)
            .Flipped(flips.LeftRight, flips.UpDown, size.Width, size.Height);
        _writer.Write(_canvas, transform, colours, size, target);
        SceneWriter.Boxes(_canvas, transform, scale, size, Boxes);
    }
}
