using System.Collections.Concurrent;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection.Augmentations;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>
/// Reads pictures, letterboxes or augments them, and gives them with their true boxes in batches, some batches ahead of the consumer. Order and randomness are a function of (seed, epoch, index)
/// alone, whatever the number of workers.
/// </summary>
public sealed class DetectionLoader
{
    // With these in memory, and the default budget holds them, no picture is decoded for a partner's sake alone.
    private const int PartnerWindow = 512;
    private readonly IDetectionSource _source;
    private readonly DetectionLoaderOptions _options;
    private readonly BatchPlan _plan;
    private readonly PictureStore _store;
    private readonly ConcurrentBag<DetectionBuffers> _free = [];
    private readonly SortedDictionary<int, string> _bad = [];

    /// <summary>Creates a loader.</summary>
    /// <param name="source">The pictures and boxes.</param>
    /// <param name="options">Size, batch size, order.</param>
    /// <exception cref="DataException">The source is empty.</exception>
    public DetectionLoader(IDetectionSource source, DetectionLoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        if (source.Count == 0)
        {
            throw new DataException("There are no pictures to load.");
        }

        _source = source;
        _options = options;
        _plan = new(source, options);
        _store = new(source, options.ImageSize, options.CacheBytes);
    }

    /// <summary>How many batches an epoch has.</summary>
    public int BatchCount => _plan.Count;

    /// <summary>The pictures left out so far because they could not be read, by position; each is named once.</summary>
    public IReadOnlyList<string> BadPictures
    {
        get
        {
            lock (_bad)
            {
                return [.. _bad.Values];
            }
        }
    }

    /// <summary>The batches of an epoch, in order. A batch is valid until the next one is taken. A batch of which no picture can be read is left out.</summary>
    /// <param name="epoch">The 0-based epoch: another order and other augmentations.</param>
    /// <param name="firstBatch">Batches to leave out at the start, unread: where a run goes on.</param>
    /// <param name="cancellation">Stops the loading.</param>
    /// <exception cref="DataException">A picture cannot be read; the message names it.</exception>
    public IEnumerable<DetectionBatch> Epoch(int epoch, int firstBatch = 0, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        var plan = _plan.Epoch(epoch);
        return OrderedPrefetch.Run(
            firstBatch, plan.Batches.Count, _options.Workers,
            () => _free.TryTake(out var free) ? free : new DetectionBuffers(_plan.LargestBatch, _plan.LargestArea),
            _free.Add,
            (buffers, number, stop) => Fill(buffers, plan, number, epoch, stop), cancellation).Where(batch => batch.Count >= _plan.FewestPictures);
    }

    private DetectionBatch Fill(DetectionBuffers buffers, EpochPlan plan, int number, int epoch, CancellationToken cancellation)
    {
        var (pictures, size) = plan.Batches[number];
        buffers.Clear(size);
        var scenes = _options.Augmentation is null ? null : Scenes(buffers, plan, number, epoch);
        foreach (int index in pictures)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                if (scenes is null)
                {
                    buffers.AddLetterboxed(_store.Get(index, buffers.Resizer), index, _source.LabelsOf(index));
                }
                else
                {
                    buffers.AddAugmented(scenes, index, new(_options.Seed, epoch, index));
                }
            }
            catch (DataException error) when (_options.SkipBad)
            {
                Note(index, error);
            }
        }

        return buffers.ToBatch();
    }

    /// <summary>
    /// Partners are drawn from the pictures around the batch in the epoch's order: of a large set each picture is then decoded about once an epoch, and what is
    /// drawn does not hang on how much stays in memory.
    /// </summary>
    private ScenePlan Scenes(DetectionBuffers buffers, EpochPlan plan, int number, int epoch)
    {
        int window = Math.Min(Math.Max(PartnerWindow, _options.BatchSize), plan.Order.Length);
        int start = Math.Clamp((number * _options.BatchSize) - (window / 2), 0, plan.Order.Length - window);
        return new()
        {
            Options = _options.Augmentation!,
            IsClosed = epoch >= _options.CloseMosaicFromEpoch,
            IsRectangular = _options.Rectangular,
            Partners = plan.Order.AsMemory(start, window),
            Reader = index => (_store.Get(index, buffers.Resizer).Image, _source.LabelsOf(index)),
            Bad = _options.SkipBad ? Note : null,
        };
    }

    private void Note(int index, DataException error)
    {
        lock (_bad)
        {
            _bad[index] = error.Message;
        }
    }
}
