using DistillSharp.Graph.Quantization;

namespace DistillSharp.Graph.Tests.Quantization;

public sealed class QuantizationSchemeTests
{
    [Theory]
    [InlineData(QuantizationTarget.Arm, "S8S8")]
    [InlineData(QuantizationTarget.Vnni, "U8S8")]
    [InlineData(QuantizationTarget.Avx2, "U8S8, 7-bit weights")]
    [InlineData(QuantizationTarget.Avx2Unsigned, "U8U8")]
    public void A_target_has_the_integers_its_processor_multiplies(QuantizationTarget target, string expected) =>
        Assert.Equal(expected, QuantizationScheme.Of(target).ToString());

    [Fact]
    public void The_processor_is_one_of_the_targets() => Assert.NotEqual(QuantizationTarget.Auto, ProcessorTarget.Detect());

    [Fact]
    public void What_is_chosen_stands_above_the_target()
    {
        var options = new QuantizationOptions { Target = QuantizationTarget.Avx2, ActivationType = ElementType.Int8, WeightType = ElementType.UInt8, ReducedRange = false };

        Assert.Equal("S8U8", options.Scheme.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuantizationOptions { ActivationType = ElementType.Int16 });
    }
}
