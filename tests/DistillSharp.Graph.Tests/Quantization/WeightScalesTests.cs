using DistillSharp.Graph.Quantization;

namespace DistillSharp.Graph.Tests.Quantization;

public sealed class WeightScalesTests
{
    [Fact]
    public void Each_channel_has_the_scale_of_its_largest_weight()
    {
        // [2, 2]: rows are (1.27, -2.54) and (0.5, 0.25).
        float[] weights = [1.27f, -2.54f, 0.5f, 0.25f];

        Assert.Equal([0.02f, 0.5f / 127], WeightScales.Of(weights, [2, 2], 0, 127));
        Assert.Equal([0.01f, 0.02f], WeightScales.Of(weights, [2, 2], 1, 127));
        Assert.Equal([0.02f], WeightScales.Of(weights, [2, 2], -1, 127));
        Assert.Equal([2.54f / 63], WeightScales.Of(weights, [2, 2], -1, 63));
    }

    [Fact]
    public void A_channel_of_zeros_and_a_weight_of_zeros_have_finite_positive_scales()
    {
        Assert.All(WeightScales.Of([0, 0, 1, 2], [2, 2], 0, 127), scale => Assert.True(scale is > 0 and < float.PositiveInfinity));
        Assert.All(WeightScales.Of(new float[4], [2, 2], 0, 127), scale => Assert.True(scale is > 0 and < float.PositiveInfinity));
    }

    [Fact]
    public void A_large_bias_on_a_small_channel_makes_its_scale_as_large_as_32_bits_need()
    {
        float[] fitted = WeightScales.FitBias([1e-9f, 0.5f], [100, 100], inputScale: 0.01f);

        Assert.True(100 / (0.01 * fitted[0]) <= int.MaxValue);
        Assert.True(100 / (0.01 * fitted[0]) >= int.MaxValue / 4.0, "No coarser than needed.");
        Assert.Equal(0.5f, fitted[1]);
    }
}
