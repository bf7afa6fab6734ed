using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Tests.Images;

public sealed class PixelImageTests
{
    [Theory]
    [InlineData(2, 1, 1, 2)]
    [InlineData(4, 1, 1, 4)]
    [InlineData(1, 0, 1, 0)]
    [InlineData(3, 2, 2, 11)]
    [InlineData(1, 65536, 65536, 0)]
    public void Pixels_that_do_not_fit_the_size_are_refused_with_the_numbers(int channels, int height, int width, int pixels)
    {
        var error = Assert.Throws<ArgumentException>(() => new PixelImage(channels, height, width, new byte[pixels]));

        Assert.Contains($"{channels} x {height} x {width} (channels, rows, columns) does not fit {pixels} pixels", error.Message, StringComparison.Ordinal);
    }
}
