using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Augmentations;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Tests.Data.Augmentations;

public sealed class CutoutAugmentationTests
{
    [Fact]
    public void A_square_of_two_is_blanked_around_every_pixel_equally_often_cut_off_at_the_edge()
    {
        // The square reaches from one before the drawn pixel to the pixel itself.
        string[] expected =
        [
            "0 9 9|9 9 9|9 9 9", "0 0 9|9 9 9|9 9 9", "9 0 0|9 9 9|9 9 9",
            "0 9 9|0 9 9|9 9 9", "0 0 9|0 0 9|9 9 9", "9 0 0|9 0 0|9 9 9",
            "9 9 9|0 9 9|0 9 9", "9 9 9|0 0 9|0 0 9", "9 9 9|9 0 0|9 0 0",
        ];

        var counts = Enumerable.Range(0, 9000).CountBy(index => Pictures.Rows(Apply(new() { Size = 2 }, index, Pictures.Flat(1, 3, 3, 9)))).ToDictionary();

        Assert.Equal(expected.Order(StringComparer.Ordinal), counts.Keys.Order(StringComparer.Ordinal));
        Assert.All(counts.Values, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Every_channel_loses_the_same_square_and_the_source_none()
    {
        var image = Pictures.Flat(3, 8, 8, 200);
        for (int index = 0; index < 200; index++)
        {
            byte[] pixels = Apply(new() { Size = 3, Fill = 5 }, index, image).Pixels;

            Assert.Equal(pixels[..64], pixels[64..128]);
            Assert.Equal(pixels[..64], pixels[128..]);
            Assert.InRange(pixels[..64].Count(pixel => pixel == 5), 4, 9);
        }

        Assert.All(image.Pixels, pixel => Assert.Equal(200, pixel));
    }

    [Fact]
    public void A_square_larger_than_the_picture_may_blank_it_all() =>
        Assert.All(Enumerable.Range(0, 50), index => Assert.All(Apply(new() { Size = 20 }, index, Pictures.Flat(1, 4, 4, 9)).Pixels, pixel => Assert.Equal(0, pixel)));

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(nameof(CutoutOptions.Size), () => new CutoutOptions { Size = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(nameof(CutoutOptions.Fill), () => new CutoutOptions { Fill = -1 });
    }

    private static PixelImage Apply(CutoutOptions options, int index, PixelImage image)
    {
        var random = new SampleRandom(1, 0, index);
        return new CutoutAugmentation(options).Apply(image, ref random);
    }
}
