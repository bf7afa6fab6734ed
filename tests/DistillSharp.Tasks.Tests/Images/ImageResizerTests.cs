using CsCheck;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Tests.Images;

/// <summary>Antialiased bilinear resizing: the weights are worked out by hand from a triangle as wide as the scale.</summary>
public sealed class ImageResizerTests
{
    [Fact]
    public void A_picture_that_fits_is_given_back_as_it_is()
    {
        var image = Pictures.Flat(3, 5, 7, 1);

        Assert.Same(image, ImageResizer.Fit(image, 3, 5, 7));
    }

    [Fact]
    public void A_constant_picture_stays_constant_at_every_size() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Byte).Sample(
            (height, width, newHeight, newWidth, value) =>
            {
                var image = ImageResizer.Fit(Pictures.Flat(1, height, width, value), 1, newHeight, newWidth);
                return image.Height == newHeight && image.Width == newWidth && image.Pixels.All(pixel => pixel == value);
            },
            iter: 2000);

    [Fact]
    public void At_half_the_size_inner_pixels_are_weighted_1_3_3_1_and_those_at_the_edge_3_3_1()
    {
        // Columns 0 to 7; the second target's centre lies at 2.5, so it sees 1, 2, 3, 4 with weights 1/8, 3/8, 3/8, 1/8.
        byte[] row = [8, 16, 80, 160, 240, 80, 40, 0];
        var half = ImageResizer.Fit(Pictures.Grey(row, row), 1, 1, 4);

        Assert.Equal(
            new[] { ((3 * 8) + (3 * 16) + 80) / 7.0, (16 + (3 * 80) + (3 * 160) + 240) / 8.0, (160 + (3 * 240) + (3 * 80) + 40) / 8.0, (80 + (3 * 40) + (3 * 0)) / 7.0 }.Select(value => (byte)Math.Round(value)),
            half.Pixels);
    }

    [Fact]
    public void At_twice_the_size_new_pixels_lie_a_quarter_of_the_way_between_the_old() =>
        Assert.Equal("0 25 75 125 175 200", Pictures.Rows(ImageResizer.Fit(Pictures.Grey([0, 100, 200], [0, 100, 200]), 1, 4, 6)).Split('|')[0]);

    [Fact]
    public void Halving_a_ramp_gives_the_mean_of_each_pair()
    {
        byte[] ramp = [.. Enumerable.Range(0, 32).Select(i => (byte)(4 * i))];

        var half = ImageResizer.Fit(Pictures.Grey([.. Enumerable.Repeat(ramp, 32)]), 1, 16, 16);

        // Away from the edge, where the triangle is whole, the weighted mean of a ramp is its value in the middle.
        Assert.All(Enumerable.Range(1, 14), x => Assert.Equal(((4 * 2 * x) + (4 * ((2 * x) + 1))) / 2, half.Pixels[(5 * 16) + x]));
    }

    [Fact]
    public void A_wide_picture_loses_its_sides_and_keeps_its_proportions()
    {
        byte[] row = [255, 255, 0, 0, 0, 0, 255, 255];
        var square = ImageResizer.Fit(Pictures.Grey(row, row, row, row), 1, 4, 4);

        Assert.Equal("0 0 0 0|0 0 0 0|0 0 0 0|0 0 0 0", Pictures.Rows(square));
    }

    [Fact]
    public void A_tall_picture_loses_its_top_and_bottom() =>
        Assert.Equal("1 2|3 4", Pictures.Rows(ImageResizer.Fit(Pictures.Grey([9, 9], [1, 2], [3, 4], [9, 9]), 1, 2, 2)));

    [Theory]
    [InlineData(255, 0, 0, 76)]
    [InlineData(0, 255, 0, 150)]
    [InlineData(0, 0, 255, 29)]
    [InlineData(10, 20, 30, 18)]
    [InlineData(255, 255, 255, 255)]
    public void Grey_is_the_luma_of_BT_601(byte red, byte green, byte blue, byte grey) =>
        Assert.Equal(grey, Assert.Single(ImageResizer.Fit(new(3, 1, 1, [red, green, blue]), 1, 1, 1).Pixels));

    [Fact]
    public void Colour_of_grey_is_the_same_three_times() => Assert.Equal<byte>([1, 2, 1, 2, 1, 2], ImageResizer.Fit(new(1, 1, 2, [1, 2]), 3, 1, 2).Pixels);

    [Fact]
    public void Channels_are_resized_each_for_itself()
    {
        var image = ImageResizer.Fit(new(3, 2, 2, [10, 10, 10, 10, 20, 20, 20, 20, 30, 30, 30, 30]), 3, 1, 1);

        Assert.Equal<byte>([10, 20, 30], image.Pixels);
    }
}
