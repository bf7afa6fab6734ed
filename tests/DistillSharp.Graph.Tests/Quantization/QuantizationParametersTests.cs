using DistillSharp.Graph.Quantization;

namespace DistillSharp.Graph.Tests.Quantization;

public sealed class QuantizationParametersTests
{
    [Theory]
    [InlineData(0, 5.1, ElementType.UInt8, false, 0.02f, 0)]
    [InlineData(0, 5.1, ElementType.Int8, false, 0.02f, -128)]
    [InlineData(-1.27, 1.28, ElementType.UInt8, false, 0.01f, 127)]
    [InlineData(-1.27, 0.5, ElementType.Int8, true, 0.01f, 0)]
    [InlineData(-1.27, 0.5, ElementType.UInt8, true, 0.01f, 128)]
    [InlineData(0, 5.1, ElementType.Int8, true, 0.02f, -128)]
    [InlineData(2, 5.1, ElementType.UInt8, false, 0.02f, 0)]
    public void Scale_and_zero_point_are_those_worked_out_by_hand(double low, double high, ElementType type, bool symmetric, float scale, int zero)
    {
        var parameters = QuantizationParameters.Of(new(low, high), type, symmetric);

        Assert.Equal(scale, parameters.Scale, 1e-6f);
        Assert.Equal(zero, parameters.ZeroPoint);
        Assert.Equal(0, parameters.Dequantize(parameters.Quantize(0)));
    }

    [Fact]
    public void Ties_go_to_even_and_the_ends_saturate()
    {
        var parameters = new QuantizationParameters(ElementType.Int8, 1, 0);

        Assert.Equal([0, 2, 2, -2, 127, -128], new float[] { 0.5f, 1.5f, 2.5f, -1.5f, 1e9f, -1e9f }.Select(parameters.Quantize));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1e-30)]
    [InlineData(-1e300, 1e300)]
    public void The_scale_is_finite_and_positive_whatever_the_range(double low, double high) =>
        Assert.True(QuantizationParameters.Of(new(low, high), ElementType.UInt8).Scale is > 0 and < float.PositiveInfinity);

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(0, double.PositiveInfinity)]
    [InlineData(2, 1)]
    public void A_range_that_is_none_is_refused(double low, double high) => Assert.Throws<ArgumentOutOfRangeException>(() => new QuantizationRange(low, high));
}
