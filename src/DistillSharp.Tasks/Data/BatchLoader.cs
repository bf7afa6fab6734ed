using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Data;

/// <summary>
/// Reads, augments and normalises samples in batches, some batches ahead of the consumer. Order and randomness are a function
/// of (seed, epoch, index) alone, whatever the number of workers.
/// </summary>
public sealed class BatchLoader
{
    private readonly ISampleSource _source;
    private readonly BatchLoaderOptions _options;
    private readonly PixelNormalizer _normalizer;
    private readonly BatchSpans _spans;
    private readonly SortedDictionary<int, string> _bad = [];

    /// <summary>Creates a loader.</summary>
    /// <param name="source">The samples.</param>
    /// <param name="options">Batch size, order, normalisation, augmentation.</param>
    public BatchLoader(ISampleSource source, BatchLoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        if (source.Count == 0)
        {
            throw new DataException("There are no samples to load.");
        }

        _source = source;
        _options = options;
        _normalizer = new(options.Input);
        _spans = new(source.Count, options.BatchSize, options.AvoidSingle, options.DropLast);
    }

    /// <summary>How many batches an epoch has.</summary>
    public int BatchCount => _spans.Count;

    /// <summary>The samples left out so far because they could not be read, by position; each is named once.</summary>
    public IReadOnlyList<string> BadSamples
    {
        get
        {
            lock (_bad)
            {
                return [.. _bad.Values];
            }
        }
    }

    /// <summary>The batches of an epoch, in order. A batch is valid until the next one is taken.</summary>
    /// <param name="epoch">The 0-based epoch: another order and other augmentations.</param>
    /// <param name="firstBatch">Batches to leave out at the start, unread: where a run goes on.</param>
    /// <param name="cancellation">Stops the loading.</param>
    /// <exception cref="DataException">A sample cannot be read; the message names it.</exception>
    public IEnumerable<Batch> Epoch(int epoch, int firstBatch = 0, CancellationToken cancellation = default)
    {
        int[] order = Order(epoch);
        return OrderedPrefetch.Run(
            firstBatch, BatchCount, _options.Workers, () => new Buffers(_options.Input, _spans.Largest), static _ => { },
            (buffers, number, stop) => Fill(buffers, order, number, epoch, stop), cancellation).Where(batch => batch.Count >= _spans.Fewest);
    }

    private int[] Order(int epoch)
    {
        int[] order = [.. Enumerable.Range(0, _source.Count)];
        if (_options.Shuffle)
        {
            var random = new SampleRandom(_options.Seed, epoch, -1);
            for (int i = order.Length - 1; i > 0; i--)
            {
                int j = random.NextInt(i + 1);
                (order[i], order[j]) = (order[j], order[i]);
            }
        }

        return order;
    }

    private Batch Fill(Buffers buffers, int[] order, int number, int epoch, CancellationToken cancellation)
    {
        int count = 0;
        foreach (int index in order[_spans[number]])
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var sample = _source.Read(index);
                Write(sample.Image, index, epoch, buffers.Pixels.AsSpan(count * buffers.PictureLength, buffers.PictureLength));
                buffers.Labels[count] = sample.Label;
                buffers.Indices[count++] = index;
            }
            catch (DataException error) when (_options.SkipBad)
            {
                lock (_bad)
                {
                    _bad[index] = error.Message;
                }
            }
        }

        var input = _options.Input;
        return new()
        {
            Count = count,
            Pixels = buffers.Pixels.AsMemory(0, count * buffers.PictureLength),
            Labels = buffers.Labels.AsMemory(0, count),
            Indices = buffers.Indices.AsMemory(0, count),
            Shape = (input.Channels, input.Height, input.Width),
        };
    }

    private void Write(PixelImage image, int index, int epoch, Span<float> target)
    {
        var input = _options.Input;
        image = ImageResizer.Fit(image, input.Channels, input.Height, input.Width);
        if (_options.Augmentations.Count > 0)
        {
            var random = new SampleRandom(_options.Seed, epoch, index);
            foreach (var augmentation in _options.Augmentations)
            {
                image = augmentation.Apply(image, ref random);
            }
        }

        _normalizer.Write(image, target);
    }

    private sealed class Buffers(ImageInput input, int size)
    {
        public int PictureLength { get; } = input.Channels * input.Height * input.Width;

        public float[] Pixels { get; } = new float[(long)size * input.Channels * input.Height * input.Width];

        public long[] Labels { get; } = new long[size];

        public int[] Indices { get; } = new int[size];
    }
}
