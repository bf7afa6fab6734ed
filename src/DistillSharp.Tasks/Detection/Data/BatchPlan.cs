using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>Which pictures go into which batch of an epoch, and how large each batch's input is.</summary>
internal sealed class BatchPlan
{
    private readonly DetectionLoaderOptions _options;
    private readonly BatchSpans _spans;
    private readonly int[] _order;
    private readonly (int Height, int Width)[] _shapes;

    public BatchPlan(IDetectionSource source, DetectionLoaderOptions options)
    {
        _options = options;
        _order = [.. Enumerable.Range(0, source.Count)];
        _spans = new(source.Count, options.BatchSize, options.AvoidSingle);
        _shapes = new (int, int)[Count];
        Array.Fill(_shapes, (options.ImageSize, options.ImageSize));
        if (options.Rectangular)
        {
            double[] ratios = [.. _order.Select(i => source.SizeOf(i)).Select(size => (double)size.Height / size.Width)];
            _order = [.. _order.OrderBy(i => ratios[i])];
            for (int batch = 0; batch < Count; batch++)
            {
                _shapes[batch] = Shape([.. Pictures(_order, batch).Select(i => ratios[i])]);
            }
        }
    }

    /// <summary>How many batches an epoch has.</summary>
    public int Count => _spans.Count;

    /// <summary>The pictures of the largest batch.</summary>
    public int LargestBatch => _spans.Largest;

    /// <summary>The pictures without which a batch is left out, where some cannot be read.</summary>
    public int FewestPictures => _spans.Fewest;

    /// <summary>The largest number of pixels of one channel of any batch.</summary>
    public int LargestArea => _shapes.Max(shape => shape.Height * shape.Width);

    /// <summary>The batches of an epoch in order: the pictures and the input's size.</summary>
    public EpochPlan Epoch(int epoch)
    {
        int[] order = _order, batches = [.. Enumerable.Range(0, Count)];
        if (_options.Shuffle)
        {
            var random = new SampleRandom(_options.Seed, epoch, -1);
            Shuffle(_options.Rectangular ? batches : order = [.. _order], ref random);
        }

        return new([.. batches.SelectMany(batch => Pictures(order, batch))], [.. batches.Select(batch => (Pictures(order, batch), _shapes[batch]))]);
    }

    private static void Shuffle(int[] items, ref SampleRandom random)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = random.NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private int[] Pictures(int[] order, int batch) => order[_spans[batch]];

    /// <summary>The longer side is the image size; the shorter one what the squarest picture of the batch needs; both with the border, in whole strides.</summary>
    private (int Height, int Width) Shape(double[] ratios)
    {
        double flattest = ratios[0], tallest = ratios[^1];
        var (height, width) = tallest < 1 ? (tallest, 1.0) : flattest > 1 ? (1.0, 1 / flattest) : (1.0, 1.0);
        return (Sides(height), Sides(width));
    }

    private int Sides(double share) => (int)Math.Ceiling((share * _options.ImageSize / _options.Stride) + _options.Pad) * _options.Stride;
}

/// <summary>The order of an epoch.</summary>
/// <param name="Order">Every picture.</param>
/// <param name="Batches">The same by batch, with the inputs' sizes.</param>
internal sealed record EpochPlan(int[] Order, IReadOnlyList<(int[] Pictures, (int Height, int Width) Size)> Batches);
