using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Augmentations;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Tests.Data;

public sealed class BatchLoaderTests
{
    private static readonly ImageInput s_input = new(1, 4, 4, [0.25f], [0.5f]);

    private static readonly Augmentation[] s_augmentations = [new JitterAugmentation(new() { Pixels = 1 }), new FlipAugmentation(new()), new CutoutAugmentation(new() { Size = 2 })];

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_number_of_workers_changes_no_bit_of_any_batch(int workers)
    {
        var alone = new BatchLoader(Pictures.Samples(53), Options(workers: 0));
        var together = new BatchLoader(Pictures.Samples(53), Options(workers));

        for (int epoch = 0; epoch < 3; epoch++)
        {
            Assert.Equal(alone.Epoch(epoch).Select(Text), together.Epoch(epoch).Select(Text));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Going_on_at_a_batch_gives_what_skipping_to_it_gives(int workers)
    {
        var loader = new BatchLoader(Pictures.Samples(53), Options(workers));
        string[] whole = [.. loader.Epoch(2).Select(Text)];

        for (int first = 0; first <= whole.Length; first++)
        {
            Assert.Equal(whole[first..], loader.Epoch(2, first).Select(Text));
        }
    }

    [Theory]
    [InlineData(9, 4, new[] { 4, 5 })]
    [InlineData(5, 4, new[] { 5 })]
    [InlineData(10, 4, new[] { 4, 4, 2 })]
    [InlineData(8, 4, new[] { 4, 4 })]
    [InlineData(3, 4, new[] { 3 })]
    [InlineData(1, 4, new[] { 1 })]
    [InlineData(3, 1, new[] { 1, 1, 1 })]
    public void A_last_batch_of_one_joins_the_one_before_and_no_other_batch_changes(int samples, int size, int[] counts)
    {
        var options = Options(workers: 0) with { BatchSize = size };
        var plain = new BatchLoader(Pictures.Samples(samples), options);
        var loader = new BatchLoader(Pictures.Samples(samples), options with { AvoidSingle = true });

        Assert.Equal(counts, loader.Epoch(1).Select(batch => batch.Count));
        Assert.Equal(counts.Length, loader.BatchCount);
        Assert.Equal(plain.Epoch(1).SelectMany(batch => batch.Indices.ToArray()), loader.Epoch(1).SelectMany(batch => batch.Indices.ToArray()));
        Assert.Equal(loader.Epoch(1).Last().Indices.ToArray(), loader.Epoch(1, counts.Length - 1).Single().Indices.ToArray());
    }

    [Fact]
    public void Every_sample_comes_once_an_epoch_in_another_order_each_epoch_and_seed()
    {
        int[] first = Order(seed: 1, epoch: 0), second = Order(seed: 1, epoch: 1), other = Order(seed: 2, epoch: 0);

        Assert.All(new[] { first, second, other }, order => Assert.Equal(Enumerable.Range(0, 53), order.Order()));
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, other);
        Assert.NotEqual(Enumerable.Range(0, 53), first);
        Assert.Equal(first, Order(seed: 1, epoch: 0));
    }

    [Fact]
    public void Every_sample_takes_every_place_equally_often()
    {
        int[] places = new int[5];
        for (int epoch = 0; epoch < 5000; epoch++)
        {
            places[Array.IndexOf([.. new BatchLoader(Pictures.Samples(5), Options(workers: 0)).Epoch(epoch).SelectMany(batch => batch.Indices.ToArray())], 3)]++;
        }

        Assert.All(places, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Without_shuffling_the_order_is_the_sources_and_the_last_batch_may_be_short()
    {
        var loader = new BatchLoader(Pictures.Samples(10), Options(workers: 2) with { Shuffle = false, BatchSize = 4 });

        Assert.Equal(3, loader.BatchCount);
        Assert.Equal(["4: 0 1 2 3", "4: 4 5 6 7", "2: 8 9"], loader.Epoch(0).Select(batch => $"{batch.Count}: {string.Join(" ", batch.Indices.ToArray())}"));
        Assert.Equal([0L, 1, 2, 0], loader.Epoch(0).First().Labels.ToArray());
        Assert.Equal((1, 4, 4), loader.Epoch(0).First().Shape);
    }

    [Theory]
    [InlineData(10, 4, 2)]
    [InlineData(8, 4, 2)]
    [InlineData(3, 4, 1)]
    public void An_incomplete_last_batch_is_left_out_where_wanted_unless_it_is_the_only_one(int samples, int size, int batches)
    {
        var loader = new BatchLoader(Pictures.Samples(samples), Options(workers: 1) with { BatchSize = size, DropLast = true });

        Assert.Equal(batches, loader.BatchCount);
        Assert.Equal(batches, loader.Epoch(0).Count());
    }

    [Fact]
    public void A_pixel_becomes_a_share_of_255_less_the_mean_over_the_deviation_of_its_channel()
    {
        var source = new MemorySamples("one", [new PixelImage(3, 1, 2, [0, 255, 51, 102, 153, 204])], [0]);
        var loader = new BatchLoader(source, new() { Input = new(3, 1, 2, [0, 0.5f, 0.1f], [1, 0.25f, 2]) });

        // 51 of 255 is 0.2, and so on: worked by hand.
        float[] expected = [0, 1, (0.2f - 0.5f) / 0.25f, (0.4f - 0.5f) / 0.25f, (0.6f - 0.1f) / 2, (0.8f - 0.1f) / 2];
        Assert.All(expected.Zip(loader.Epoch(0).Single().Pixels.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void Pictures_of_another_size_are_brought_to_the_models()
    {
        var source = new MemorySamples("one", [Pictures.Flat(3, 9, 5, 255)], [0]);

        var batch = new BatchLoader(source, new() { Input = new(1, 2, 3, [0], [1]) }).Epoch(0).Single();

        Assert.Equal([1f, 1f, 1f, 1f, 1f, 1f], batch.Pixels.ToArray());
    }

    [Fact]
    public void Augmentation_is_another_each_epoch_and_each_sample()
    {
        var source = new MemorySamples("alike", [.. Enumerable.Range(0, 40).Select(_ => Pictures.Samples(1).Read(0).Image)], new byte[40]);
        var loader = new BatchLoader(source, Options(workers: 2) with { Shuffle = false, BatchSize = 1, Augmentations = [new JitterAugmentation(new() { Pixels = 3 })] });

        string[] first = [.. loader.Epoch(0).Select(Values)], second = [.. loader.Epoch(1).Select(Values)];

        Assert.InRange(first.Distinct().Count(), 20, 40);
        Assert.InRange(first.Zip(second).Count(pair => pair.First == pair.Second), 0, 8);
    }

    [Fact]
    public void No_samples_and_impossible_options_are_refused()
    {
        Assert.Equal("There are no samples to load.", Assert.Throws<DataException>(() => new BatchLoader(Pictures.Samples(0), Options(1))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(nameof(BatchLoaderOptions.BatchSize), () => Options(1) with { BatchSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(nameof(BatchLoaderOptions.Workers), () => Options(-1));
    }

    private static BatchLoaderOptions Options(int workers) => new() { Input = s_input, Workers = workers, BatchSize = 8, Shuffle = true, Seed = 42, Augmentations = s_augmentations };

    private static int[] Order(long seed, int epoch) => [.. new BatchLoader(Pictures.Samples(53), Options(workers: 1) with { Seed = seed }).Epoch(epoch).SelectMany(batch => batch.Indices.ToArray())];

    private static string Text(Batch batch) => $"{batch.Count} {string.Join(",", batch.Indices.ToArray())} {string.Join(",", batch.Labels.ToArray())} {Values(batch)}";

    private static string Values(Batch batch) => Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(batch.Pixels.Span));
}
