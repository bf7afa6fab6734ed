using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Quantization;
using DistillSharp.Graph.Zoo;
using DistillSharp.TestKit;

namespace DistillSharp.Runtime.Tests.Quantization;

public sealed class FusionTests
{
    [Theory]
    [InlineData("resnet8x4", 0.27, 10, 3)]
    [InlineData("resnet20", 0.30, 21, 9)]
    public void A_residual_network_is_small_and_runs_in_integers_from_its_input_to_its_last_layer(string key, double share, int convolutions, int additions)
    {
        using var folder = new TemporaryFolder();
        var graph = key == "resnet8x4" ? ResNet.ResNet8x4(new()) : ResNet.ResNet20(new());
        Graph.Builder.WeightInitializer.Draw(graph, seed: 1);
        var quantizer = Quantized.Calibrate(graph, new() { Quantization = new() { Target = QuantizationTarget.Vnni } });
        var int8 = quantizer.Quantize(cancellation: TestContext.Current.CancellationToken);

        Assert.InRange((double)OnnxFile.Serialize(int8).Length / OnnxFile.Serialize(quantizer.Prepared).Length, 0.25, share);
        Assert.Empty(SessionLog.Warnings(int8));
        Assert.SkipUnless(System.Runtime.Intrinsics.X86.Avx2.IsSupported, "AVX2 is absent: which operators are fused is known for x64 processors with AVX2 only.");
        var operations = SessionLog.Optimized(int8, folder).Nodes.CountBy(node => node.Operation).ToDictionary(pair => pair.Key, pair => pair.Value);
        Assert.Equal(1, operations["QuantizeLinear"]);
        Assert.Equal((convolutions, additions, 1, 1), (operations["QLinearConv"], operations["QLinearAdd"], operations["QLinearGlobalAveragePool"], operations["QGemm"]));
        Assert.Empty(operations.Keys.Intersect(["DequantizeLinear", "Conv", "FusedConv", "Gemm", "Add", "Relu", "GlobalAveragePool"]));
    }

    [Fact]
    public void Scales_and_zero_points_are_stored_once_and_nothing_for_training_is_stored()
    {
        var int8 = Quantized.Calibrate(Quantized.Residual().Graph).Quantize(cancellation: TestContext.Current.CancellationToken);

        var contents = int8.Initializers.Where(initializer => initializer.Data.Count < 8).Select(initializer => $"{initializer.Data.Type}{string.Join(",", initializer.Data.Shape)}:{Convert.ToHexString(initializer.Data.Bytes)}").ToList();
        Assert.Equal(contents.Distinct().Count(), contents.Count);
        Assert.All(int8.Initializers, initializer => Assert.False(initializer.Trainable || initializer.Initialization is not null));
        Assert.Empty(int8.KnownValues);
        Assert.All(int8.Initializers.Where(initializer => initializer.Data.Type == ElementType.Float32), scale => Assert.True(scale.Data.Shape.Count <= 1));
    }

    [Fact]
    public void Signed_activations_and_seven_bit_weights_are_made_where_they_are_asked_for()
    {
        var signed = Make(QuantizationTarget.Arm);
        Assert.DoesNotContain(signed.Initializers, initializer => initializer.Data.Type == ElementType.UInt8);
        var reduced = Make(QuantizationTarget.Avx2);
        Assert.All(reduced.Initializers.Where(initializer => initializer.Data.Type == ElementType.Int8 && initializer.Data.Shape.Count > 1), weight => Assert.All(weight.Data.AsSpan<sbyte>().ToArray(), integer => Assert.InRange(integer, -63, 63)));
        var unsigned = Make(QuantizationTarget.Avx2Unsigned);
        Assert.DoesNotContain(unsigned.Initializers, initializer => initializer.Data.Type == ElementType.Int8);
    }

    private static ModelGraph Make(QuantizationTarget target)
    {
        var quantizer = Quantized.Calibrate(Quantized.Residual().Graph, new() { Quantization = new() { Target = target } });
        var int8 = quantizer.Quantize(cancellation: TestContext.Current.CancellationToken);
        Assert.Empty(SessionLog.Warnings(int8));
        Assert.InRange(Quantized.Difference(quantizer.Prepared, int8), 1e-6, 0.05);
        return int8;
    }
}
