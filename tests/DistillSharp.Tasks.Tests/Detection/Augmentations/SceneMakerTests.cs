using System.Security.Cryptography;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Augmentations;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Tasks.Tests.Detection.Data;

namespace DistillSharp.Tasks.Tests.Detection.Augmentations;

public sealed class SceneMakerTests
{
    private static readonly DetectionLoaderOptions s_options = new()
    {
        ImageSize = 64,
        BatchSize = 4,
        Workers = 0,
        Shuffle = true,
        Seed = 9,
        Augmentation = new() { MixUp = 0.3, Degrees = 3, FlipUd = 0.2 },
    };

    [Theory]
    [InlineData(1, 1L << 30)]
    [InlineData(3, 1L << 30)]
    [InlineData(2, 30_000)]
    [InlineData(2, 0)]
    public void Neither_workers_nor_memory_nor_what_was_read_before_change_a_bit(int workers, long cache)
    {
        DetectionLoader alone = new(new MadeUpDetections(23), s_options), together = new(new MadeUpDetections(23), s_options with { Workers = workers, CacheBytes = cache });
        string[][] epochs = [.. Enumerable.Range(0, 3).Select(epoch => alone.Epoch(epoch).Select(Text).ToArray())];

        for (int epoch = 2; epoch >= 0; epoch--)
        {
            Assert.Equal(epochs[epoch], together.Epoch(epoch).Select(Text));
        }

        Assert.Equal(epochs[1][3..], together.Epoch(1, 3).Select(Text));
        Assert.Equal(18, epochs.SelectMany(batches => batches).Distinct().Count());
    }

    [Fact]
    public void From_the_closing_epoch_on_there_is_no_mosaic_and_no_mixing()
    {
        var closing = new DetectionLoader(new MadeUpDetections(9), s_options with { CloseMosaicFromEpoch = 2, Augmentation = DetectionAugmentation.None with { Mosaic = 1, MixUp = 1 } });
        var without = new DetectionLoader(new MadeUpDetections(9), s_options with { Augmentation = null });

        Assert.NotEqual(without.Epoch(1).Select(Pixels), closing.Epoch(1).Select(Pixels));
        Assert.Equal(without.Epoch(2).Select(Pixels), closing.Epoch(2).Select(Pixels));
        Assert.Equal(without.Epoch(7).Select(Pixels), closing.Epoch(7).Select(Pixels));
    }

    [Fact]
    public void A_mosaic_holds_boxes_of_several_pictures()
    {
        var loader = new DetectionLoader(new ColouredRectangles(), s_options with { ImageSize = 320, Augmentation = DetectionAugmentation.None with { Mosaic = 1 } });
        int[] classes = [.. Enumerable.Range(0, 10).SelectMany(epoch => loader.Epoch(epoch)).SelectMany(batch => batch.Targets.ToArray().Chunk(6).GroupBy(row => row[0]).Select(picture => picture.Select(row => row[1]).Distinct().Count()))];

        // Sometimes a partner is drawn twice, or its rectangle is cut off.
        Assert.InRange(classes.Average(), 1.5, 4);
        Assert.Contains(3, classes);
    }

    [Fact]
    public void Mixed_pictures_hold_the_boxes_of_both()
    {
        var loader = new DetectionLoader(new ColouredRectangles(), s_options with { ImageSize = 320, Augmentation = DetectionAugmentation.None with { MixUp = 1 } });
        var batch = loader.Epoch(0).First();

        Assert.Equal(8, batch.Targets.Length / 6);
        foreach (var picture in batch.Targets.ToArray().Chunk(6).GroupBy(row => (int)row[0]))
        {
            var (first, second) = ((int)picture.First()[1], (int)picture.Last()[1]);
            float[] row = picture.First();
            int place = ((int)(row[3] * 320) * 320) + (int)(row[2] * 320), plane = 320 * 320;
            int[] found = [.. Enumerable.Range(0, 3).Select(channel => (int)batch.Pixels.Span[(((picture.Key * 3) + channel) * plane) + place])];
            var (a, b) = (ColouredRectangles.Colours[first], ColouredRectangles.Colours[second]);
            Assert.True(IsMix(found, [a.R, a.G, a.B], [b.R, b.G, b.B]) || IsMix(found, [a.R, a.G, a.B], [114, 114, 114]), $"{string.Join(' ', found)} is no mix of {a} with {b} or grey.");
        }
    }

    [Fact]
    public void The_mixing_weight_has_the_moments_of_its_distribution()
    {
        var random = new SampleRandom(1, 0, 0);
        double[] drawn = [.. Enumerable.Range(0, 20_000).Select(_ => SceneMaker.Beta(ref random, 32))];
        double mean = drawn.Average(), variance = drawn.Sum(value => (value - mean) * (value - mean)) / drawn.Length;

        // Beta(n, n) has mean 1/2 and variance 1 / (4 (2n + 1)).
        Assert.InRange(mean, 0.499, 0.501);
        Assert.InRange(variance, 0.97 / 260, 1.03 / 260);
    }

    [Fact]
    public void A_partner_that_cannot_be_read_gives_way_to_the_picture_itself_and_is_named()
    {
        var loader = new DetectionLoader(new MadeUpDetections(6, broken: 2), s_options with { SkipBad = true, Augmentation = new() { MixUp = 0.5 } });

        int[] indices = [.. loader.Epoch(0).SelectMany(batch => batch.Indices.ToArray()).Order()];

        Assert.Equal([0, 1, 3, 4, 5], indices);
        Assert.Equal(["picture 2 is broken"], loader.BadPictures);
    }

    [Fact]
    public void Memory_stays_flat()
    {
        var loader = new DetectionLoader(new ColouredRectangles(), s_options with { ImageSize = 320, BatchSize = 6, Augmentation = new() });
        for (int epoch = 0; epoch < 3; epoch++)
        {
            Assert.Single(loader.Epoch(epoch));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int epoch = 3; epoch < 23; epoch++)
        {
            Assert.Single(loader.Epoch(epoch));
        }

        // 120 pictures of 300 kB each; what is left is the source's own list of a box, and the plan of an epoch.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 120, 0, 2500);
    }

    [Theory]
    [InlineData(3, 3, 0.5, 1.9f, 5, false)] // too thin
    [InlineData(10, 10, 1, 3.1f, 3.3f, true)] // 10.2 % of the area
    [InlineData(10, 10, 1, 3.1f, 3.2f, false)] // 9.9 % of the area
    [InlineData(10, 10, 0.5, 2.1f, 2.1f, true)] // of a quarter of the area, 17.6 %
    [InlineData(300, 3, 1, 299, 3, true)] // 99.7 to 1
    [InlineData(303, 3, 1, 301, 3, false)] // 100.3 to 1
    public void A_box_is_kept_where_enough_of_it_is_left(float width, float height, double scale, float newWidth, float newHeight, bool kept) =>
        Assert.Equal(kept, BoxCandidates.Keeps(new(0, 0, width, height), scale, new(5, 5, 5 + newWidth, 5 + newHeight)));

    /// <summary>Whether one weight explains all three channels; Beta(32, 32) lies between 0.2 and 0.8 but for one in a million.</summary>
    private static bool IsMix(int[] found, double[] first, double[] second)
    {
        int clearest = Enumerable.Range(0, 3).MaxBy(channel => Math.Abs(first[channel] - second[channel]));
        double share = (found[clearest] - second[clearest]) / (first[clearest] - second[clearest] + 1e-9);
        return Math.Abs(first[clearest] - second[clearest]) < 1
            ? Enumerable.Range(0, 3).All(channel => Math.Abs(found[channel] - first[channel]) <= 1)
            : share is > 0.2 and < 0.8 && Enumerable.Range(0, 3).All(channel => Math.Abs((share * first[channel]) + ((1 - share) * second[channel]) - found[channel]) <= 2);
    }

    private static string Pixels(DetectionBatch batch) => Convert.ToHexString(SHA256.HashData(batch.Pixels.Span));

    private static string Text(DetectionBatch batch) => $"{batch.Count} {string.Join(' ', batch.Indices.ToArray())} | {string.Join(' ', batch.Targets.ToArray())} | {Pixels(batch)}";
}
