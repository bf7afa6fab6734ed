using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection.Augmentations;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>The memory one batch is made in; it goes round.</summary>
/// <param name="pictures">The most pictures in a batch.</param>
/// <param name="area">The most pixels of one channel of a picture.</param>
internal sealed class DetectionBuffers(int pictures, int area)
{
    private readonly byte[] _pixels = new byte[checked(pictures * 3 * area)];
    private readonly int[] _indices = new int[pictures];
    private readonly SceneMaker _scenes = new();
    private readonly List<Letterbox> _letterboxes = new(pictures);
    private float[] _targets = new float[6 * 64];
    private (int Height, int Width) _size;
    private int _count, _targetCount;

    public LinearResizer Resizer { get; } = new();

    /// <summary>Starts a batch.</summary>
    public void Clear((int Height, int Width) size)
    {
        (_size, _count, _targetCount) = (size, 0, 0);
        _letterboxes.Clear();
    }

    /// <summary>Adds a picture as it is, centred on grey.</summary>
    public void AddLetterboxed(ScaledPicture picture, int index, IReadOnlyList<BoxLabel> labels)
    {
        var (image, sourceWidth, sourceHeight) = picture;
        var box = image.Width <= _size.Width && image.Height <= _size.Height
            ? Letterbox.Place(sourceWidth, sourceHeight, image.Width, image.Height, _size.Width, _size.Height)
            : Letterbox.Fit(sourceWidth, sourceHeight, _size.Width, _size.Height);
        LetterboxedPixels.Write(image, box, Resizer, Next());
        foreach (var label in labels)
        {
            AddTarget(
                label.ClassIndex,
                ((label.X * box.ResizedWidth) + box.Left) / box.Width, ((label.Y * box.ResizedHeight) + box.Top) / box.Height,
                label.Width * box.ResizedWidth / box.Width, label.Height * box.ResizedHeight / box.Height);
        }

        _letterboxes.Add(box);
        _indices[_count++] = index;
    }

    /// <summary>Adds a picture changed for training.</summary>
    public void AddAugmented(ScenePlan plan, int index, SampleRandom random)
    {
        _scenes.Make(plan, index, random, (_size.Width, _size.Height), Next());
        foreach (var (kind, box) in _scenes.Boxes)
        {
            AddTarget(kind, (box.Left + box.Right) / 2 / _size.Width, (box.Top + box.Bottom) / 2 / _size.Height, box.Width / _size.Width, box.Height / _size.Height);
        }

        _indices[_count++] = index;
    }

    /// <summary>The finished batch.</summary>
    public DetectionBatch ToBatch() => new()
    {
        Count = _count,
        Pixels = _pixels.AsMemory(0, _count * 3 * _size.Height * _size.Width),
        Size = _size,
        Targets = _targets.AsMemory(0, _targetCount * 6),
        Indices = _indices.AsMemory(0, _count),
        Letterboxes = [.. _letterboxes],
    };

    /// <summary>Where the next picture goes.</summary>
    private Span<byte> Next()
    {
        int length = 3 * _size.Height * _size.Width;
        return _pixels.AsSpan(_count * length, length);
    }

    private void AddTarget(int kind, float x, float y, float width, float height)
    {
        if (_targets.Length < (_targetCount + 1) * 6)
        {
            Array.Resize(ref _targets, 2 * _targets.Length);
        }

        var row = _targets.AsSpan(6 * _targetCount++, 6);
        (row[0], row[1], row[2], row[3], row[4], row[5]) = (_count, kind, x, y, width, height);
    }
}
