using System.Collections.Concurrent;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Tests.Data;

/// <summary>What the readers do while the consumer holds a batch, stops, or meets a sample that cannot be read.</summary>
public sealed class BatchLoaderThreadsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void While_the_consumer_holds_a_batch_as_many_more_are_read_as_there_are_workers(int workers)
    {
        var source = new WatchedSource(40);
        using var batches = Loader(source, workers).Epoch(0).GetEnumerator();

        Assert.True(batches.MoveNext());

        Assert.True(SpinWait.SpinUntil(() => source.Done.Count == 2 * (1 + workers), TimeSpan.FromSeconds(20)), $"{source.Done.Count} samples were read.");
        Thread.Sleep(50);
        Assert.Equal(2 * (1 + workers), source.Done.Count);
        Assert.Equal([0, 1], batches.Current.Indices.ToArray());
    }

    [Fact]
    public void Without_workers_the_consumer_reads_itself_and_nothing_ahead()
    {
        var source = new WatchedSource(40);
        using var batches = Loader(source, workers: 0).Epoch(0).GetEnumerator();

        Assert.True(batches.MoveNext());
        Assert.True(batches.MoveNext());

        Assert.Equal([0, 1, 2, 3], source.Done);
        Assert.Equal(Environment.CurrentManagedThreadId, Assert.Single(source.Threads.Distinct()));
    }

    [Fact]
    public void Stopping_early_leaves_no_reader_running()
    {
        var source = new WatchedSource(1000) { Delay = TimeSpan.FromMilliseconds(5) };
        foreach (var batch in Loader(source, workers: 4).Epoch(0))
        {
            Assert.Equal(2, batch.Count);
            break;
        }

        Assert.Equal(0, source.Reading);
        int done = source.Done.Count;
        Thread.Sleep(100);
        Assert.Equal(done, source.Done.Count);
    }

    [Fact]
    public void Cancelling_stops_the_epoch_and_its_readers()
    {
        var source = new WatchedSource(1000) { Delay = TimeSpan.FromMilliseconds(5) };
        using var cancellation = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var batch in Loader(source, workers: 2).Epoch(0, cancellation: cancellation.Token))
            {
                cancellation.Cancel();
            }
        });

        Assert.Equal(0, source.Reading);
        Assert.InRange(source.Done.Count, 2, 20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_sample_that_cannot_be_read_stops_the_epoch_by_name_and_leaves_no_reader_running(int workers)
    {
        var source = new WatchedSource(40) { Bad = [5] };

        var error = Assert.Throws<DataException>(() => Loader(source, workers).Epoch(0).Count());

        Assert.Equal("sample 5 is bad", error.Message);
        Assert.Equal(0, source.Reading);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Where_bad_samples_may_be_skipped_the_others_come_and_each_bad_one_is_named_once(int workers)
    {
        var loader = Loader(new WatchedSource(9) { Bad = [1, 4, 5] }, workers, skipBad: true);

        // The batch of 4 and 5 is empty, and does not come at all.
        Assert.Equal(["0", "2 3", "6 7", "8"], loader.Epoch(0).Select(batch => string.Join(" ", batch.Indices.ToArray())));
        Assert.Equal(4, loader.Epoch(1).Count());
        Assert.Equal(["sample 1 is bad", "sample 4 is bad", "sample 5 is bad"], loader.BadSamples);
    }

    private static BatchLoader Loader(ISampleSource source, int workers, bool skipBad = false) =>
        new(source, new() { Input = new(1, 4, 4, [0], [1]), BatchSize = 2, Workers = workers, SkipBad = skipBad });

    /// <summary>A source that notes who reads what.</summary>
    private sealed class WatchedSource(int count) : ISampleSource
    {
        private readonly MemorySamples _samples = Pictures.Samples(count);
        private int _reading;

        public TimeSpan Delay { get; init; }

        public int[] Bad { get; init; } = [];

        public int Reading => Volatile.Read(ref _reading);

        public ConcurrentQueue<int> Done { get; } = [];

        public ConcurrentQueue<int> Threads { get; } = [];

        public int Count => count;

        public int LabelOf(int index) => _samples.LabelOf(index);

        public string Describe(int index) => _samples.Describe(index);

        public ImageSample Read(int index)
        {
            Interlocked.Increment(ref _reading);
            try
            {
                Threads.Enqueue(Environment.CurrentManagedThreadId);
                Thread.Sleep(Delay);
                if (Bad.Contains(index))
                {
                    throw new DataException($"sample {index} is bad");
                }

                Done.Enqueue(index);
                return _samples.Read(index);
            }
            finally
            {
                Interlocked.Decrement(ref _reading);
            }
        }
    }
}
