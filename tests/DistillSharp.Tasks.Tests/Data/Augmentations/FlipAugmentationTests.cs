using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Data.Augmentations;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Tests.Data.Augmentations;

public sealed class FlipAugmentationTests
{
    [Fact]
    public void Every_row_of_every_channel_is_mirrored()
    {
        var image = new PixelImage(3, 1, 3, [1, 2, 3, 11, 12, 13, 21, 22, 23]);

        Assert.Equal<byte>([3, 2, 1, 13, 12, 11, 23, 22, 21], Apply(1, 0, image).Pixels);
        Assert.Equal<byte>([1, 2, 3, 11, 12, 13, 21, 22, 23], image.Pixels);
        Assert.Equal("2 1|4 3", Pictures.Rows(Apply(1, 0, Pictures.Grey([1, 2], [3, 4]))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void The_share_mirrored_is_as_told(double probability)
    {
        var image = Pictures.Grey([1, 2]);

        Assert.Equal(probability, Enumerable.Range(0, 10_000).Count(index => Apply(probability, index, image).Pixels[0] == 2) / 10_000.0, 0.025);
    }

    [Fact]
    public void A_probability_out_of_range_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(nameof(FlipOptions.Probability), () => new FlipOptions { Probability = 1.1 });

    private static PixelImage Apply(double probability, int index, PixelImage image)
    {
        var random = new SampleRandom(1, 0, index);
        return new FlipAugmentation(new() { Probability = probability }).Apply(image, ref random);
    }
}
