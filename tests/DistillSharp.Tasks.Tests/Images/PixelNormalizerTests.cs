using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Tests.Images;

public sealed class PixelNormalizerTests
{
    [Fact]
    public void Each_channel_has_its_own_mean_and_deviation()
    {
        float[] numbers = new float[6];
        new PixelNormalizer(new(3, 1, 2, [0, 0.5f, 1], [1, 0.5f, 0.25f])).Write(new(3, 1, 2, [0, 255, 0, 255, 51, 255]), numbers);

        // 51 / 255 = 0.2; (0.2 - 1) / 0.25 = -3.2.
        Assert.Equal([0f, 1f, -1f, 1f, -3.2f, 0f], numbers);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_both_sizes()
    {
        var normalizer = new PixelNormalizer(new(1, 2, 2, [0], [1]));

        Assert.Contains("1 x 2 x 3 and 6 numbers do not fit an input of 1 x 2 x 2", Assert.Throws<ArgumentException>(() => normalizer.Write(Pictures.Flat(1, 2, 3, 0), new float[6])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => normalizer.Write(Pictures.Flat(1, 2, 2, 0), new float[3]));
    }
}
