using System.Security.Cryptography;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;

namespace DistillSharp.Tasks.Tests.Detection.Data;

public sealed class DetectionLoaderTests
{
    private static readonly DetectionLoaderOptions s_options = new() { ImageSize = 64, BatchSize = 4, Workers = 0 };

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_number_of_workers_changes_no_bit_of_any_batch(int workers)
    {
        var options = s_options with { Shuffle = true, Seed = 3 };
        var alone = new DetectionLoader(new MadeUpDetections(23), options);
        var together = new DetectionLoader(new MadeUpDetections(23), options with { Workers = workers });

        for (int epoch = 0; epoch < 3; epoch++)
        {
            Assert.Equal(alone.Epoch(epoch).Select(Text), together.Epoch(epoch).Select(Text));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Going_on_at_a_batch_gives_what_skipping_to_it_gives(int workers)
    {
        var loader = new DetectionLoader(new MadeUpDetections(23), s_options with { Workers = workers, Shuffle = true });
        string[] whole = [.. loader.Epoch(2).Select(Text)];

        for (int first = 0; first <= whole.Length; first++)
        {
            Assert.Equal(whole[first..], loader.Epoch(2, first).Select(Text));
        }
    }

    [Theory]
    [InlineData(9, 4, new[] { 4, 5 })]
    [InlineData(10, 4, new[] { 4, 4, 2 })]
    [InlineData(1, 4, new[] { 1 })]
    [InlineData(3, 1, new[] { 1, 1, 1 })]
    public void A_last_batch_of_one_joins_the_one_before_and_no_other_batch_changes(int pictures, int size, int[] counts)
    {
        var options = s_options with { BatchSize = size, Shuffle = true };
        var plain = new DetectionLoader(new MadeUpDetections(pictures), options);
        var loader = new DetectionLoader(new MadeUpDetections(pictures), options with { AvoidSingle = true });

        Assert.Equal(counts, loader.Epoch(1).Select(batch => batch.Count));
        Assert.Equal(counts.Length, loader.BatchCount);
        Assert.Equal(plain.Epoch(1).SelectMany(batch => batch.Indices.ToArray()), loader.Epoch(1).SelectMany(batch => batch.Indices.ToArray()));
        Assert.Equal(loader.Epoch(1).Last().Indices.ToArray(), loader.Epoch(1, counts.Length - 1).Single().Indices.ToArray());
    }

    [Fact]
    public void A_box_lies_in_the_letterbox_where_its_pixels_lie()
    {
        // The second picture is 48x64 with one box around (0.3, 0.5) of 0.2 x 0.4: it is centred between 8 grey columns on either side.
        var batch = new DetectionLoader(new MadeUpDetections(2), s_options).Epoch(0).Single();

        Assert.Equal(2, batch.Count);
        Assert.Equal((64, 64), batch.Size);
        Assert.Equal([0, 1], batch.Indices.ToArray());
        float[] row = batch.Targets.ToArray();
        Assert.Equal(6, row.Length);
        Assert.Equal([1, 1], row[..2]);
        Assert.Equal(((0.3 * 48) + 8) / 64, row[2], 1e-6);
        Assert.Equal(0.5, row[3], 1e-6);
        Assert.Equal(0.2 * 48 / 64, row[4], 1e-6);
        Assert.Equal(0.4, row[5], 1e-6);
        Assert.Equal(new Letterbox(48, 64, 64, 64, 48, 64, 8, 0), batch.Letterboxes[1]);
        byte[] picture = new MadeUpDetections(2).Read(1).Pixels;
        var pixels = batch.Pixels.Span[(3 * 64 * 64)..];
        Assert.Equal(Letterbox.Fill, pixels[7]);
        Assert.Equal(picture[..48], pixels.Slice(8, 48).ToArray());
        Assert.Equal(picture[^48..], pixels.Slice((3 * 64 * 64) - 56, 48).ToArray());
        Assert.Equal(Letterbox.Fill, pixels[^1]);
    }

    [Fact]
    public void Rectangular_batches_hold_pictures_of_like_shape_in_whole_strides_with_half_a_stride_of_border()
    {
        var source = new MadeUpDetections(14);
        var batches = new DetectionLoader(source, s_options with { Rectangular = true, BatchSize = 2 }).Epoch(0).Select(batch => (batch.Size, Indices: batch.Indices.ToArray())).ToList();

        // In order of height / width: 100x30, 33x17, 64x48 and 200x150, 64x64, 48x64, 30x100; equal ones as they come.
        Assert.Equal([3, 10, 6, 13, 0, 5, 7, 12, 2, 9, 1, 8, 4, 11], batches.SelectMany(batch => batch.Indices));

        // By hand for 64x48: 0.75 * 64 / 32 + 0.5 = 2 strides high, 64 / 32 + 0.5 = 2.5 up to 3 strides wide.
        Assert.Equal((64, 96), batches[2].Size);
        Assert.Equal((96, 96), batches[4].Size);
        Assert.Equal((96, 64), batches[5].Size);
        Assert.Equal((64, 96), batches[0].Size);
    }

    [Fact]
    public void A_broken_picture_stops_the_run_or_is_left_out_and_named()
    {
        var strict = new DetectionLoader(new MadeUpDetections(6, broken: 2), s_options with { Workers = 2 });
        Assert.Contains("picture 2", Assert.Throws<DataException>(() => strict.Epoch(0).Count()).Message, StringComparison.Ordinal);

        var lenient = new DetectionLoader(new MadeUpDetections(6, broken: 2), s_options with { SkipBad = true });
        Assert.Equal([0, 1, 3, 4, 5], lenient.Epoch(0).SelectMany(batch => batch.Indices.ToArray()));
        Assert.Equal(["picture 2 is broken"], lenient.BadPictures);
        Assert.Equal([0, 1, 3], lenient.Epoch(1).First().Indices.ToArray());
    }

    [Fact]
    public void Pictures_that_fit_are_decoded_once_and_others_again()
    {
        MadeUpDetections kept = new(7), dropped = new(7);
        DetectionLoader keeping = new(kept, s_options), dropping = new(dropped, s_options with { CacheBytes = 0 });

        for (int epoch = 0; epoch < 3; epoch++)
        {
            Assert.Equal(keeping.Epoch(epoch).Select(Text), dropping.Epoch(epoch).Select(Text));
        }

        Assert.Equal(7, kept.Reads);
        Assert.Equal(21, dropped.Reads);
    }

    [Fact]
    public void Of_a_set_that_does_not_fit_each_picture_is_decoded_about_once_an_epoch()
    {
        // 1,500 pictures at up to 12 kB; 800 of the largest fit, a window of partners is 512.
        var source = new MadeUpDetections(1500);
        var loader = new DetectionLoader(source, s_options with { BatchSize = 16, Shuffle = true, CacheBytes = 800 * 3 * 64 * 64, Augmentation = new() { HsvH = 0, HsvS = 0, HsvV = 0 } });

        Assert.Equal(1500, loader.Epoch(0).Sum(batch => batch.Count));
        Assert.InRange(source.Reads, 1490, 1650);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(0)]
    public void Image_sizes_that_no_model_takes_are_refused(int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DetectionLoaderOptions { ImageSize = size });

    private static string Text(DetectionBatch batch) =>
        $"{batch.Count} {batch.Size} {string.Join(' ', batch.Indices.ToArray())} | {string.Join(' ', batch.Targets.ToArray())} | {Convert.ToHexString(SHA256.HashData(batch.Pixels.Span))}";
}
