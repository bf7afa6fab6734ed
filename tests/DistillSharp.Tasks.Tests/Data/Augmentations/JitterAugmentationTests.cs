using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Augmentations;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Tests.Data.Augmentations;

public sealed class JitterAugmentationTests
{
    private static readonly PixelImage s_image = Pictures.Grey([1, 2, 3], [4, 5, 6], [7, 8, 9]);

    [Fact]
    public void All_nine_shifts_by_one_pixel_occur_equally_often_and_fill_what_comes_free()
    {
        string[] expected =
        [
            "5 6 0|8 9 0|0 0 0", "4 5 6|7 8 9|0 0 0", "0 4 5|0 7 8|0 0 0",
            "2 3 0|5 6 0|8 9 0", "1 2 3|4 5 6|7 8 9", "0 1 2|0 4 5|0 7 8",
            "0 0 0|2 3 0|5 6 0", "0 0 0|1 2 3|4 5 6", "0 0 0|0 1 2|0 4 5",
        ];
        var jitter = new JitterAugmentation(new() { Pixels = 1 });

        var counts = Enumerable.Range(0, 9000).CountBy(index => Pictures.Rows(Apply(jitter, index))).ToDictionary();

        Assert.Equal(expected.Order(StringComparer.Ordinal), counts.Keys.Order(StringComparer.Ordinal));
        Assert.All(counts.Values, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Every_channel_shifts_alike_and_the_fill_is_as_told()
    {
        var colour = new PixelImage(3, 1, 2, [1, 2, 11, 12, 21, 22]);
        var jitter = new JitterAugmentation(new() { Pixels = 1, Fill = 99 });

        var seen = Enumerable.Range(0, 500).Select(index => string.Join(" ", Apply(jitter, index, colour).Pixels)).ToHashSet();

        Assert.Equal(["1 2 11 12 21 22", "2 99 12 99 22 99", "99 1 99 11 99 21", "99 99 99 99 99 99"], seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_shift_beyond_the_picture_leaves_only_the_fill()
    {
        var jitter = new JitterAugmentation(new() { Pixels = 50, Fill = 7 });

        Assert.Contains(Enumerable.Range(0, 20), index => Apply(jitter, index).Pixels.All(pixel => pixel == 7));
    }

    [Fact]
    public void The_source_is_never_written_into()
    {
        var jitter = new JitterAugmentation(new() { Pixels = 1 });
        Assert.All(Enumerable.Range(0, 100), index => Apply(jitter, index));

        Assert.Equal("1 2 3|4 5 6|7 8 9", Pictures.Rows(s_image));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(nameof(JitterOptions.Pixels), () => new JitterOptions { Pixels = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(nameof(JitterOptions.Fill), () => new JitterOptions { Fill = 256 });
    }

    private static PixelImage Apply(JitterAugmentation jitter, int index, PixelImage? image = null)
    {
        var random = new SampleRandom(1, 0, index);
        return jitter.Apply(image ?? s_image, ref random);
    }
}
