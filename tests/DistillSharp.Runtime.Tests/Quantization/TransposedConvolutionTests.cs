using DistillSharp.Graph;
using DistillSharp.Graph.Quantization;
using DistillSharp.Runtime.Tests.Passes;

namespace DistillSharp.Runtime.Tests.Quantization;

public sealed class TransposedConvolutionTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    public void Its_filter_has_a_scale_for_each_output_channel_of_a_group(int groups, bool bias)
    {
        var graph = Graph(groups, bias);
        var quantizer = Quantized.Calibrate(graph);
        var int8 = quantizer.Quantize(cancellation: TestContext.Current.CancellationToken);

        var layer = int8.Nodes.Single(node => node.Operation == "ConvTranspose");
        var weight = int8.Nodes.Single(node => node.Outputs[0] == layer.Inputs[1]);
        Assert.Equal(ElementType.Int8, int8.FindInitializer(weight.Inputs[0])!.Data.Type);
        Assert.Equal((3, 1), (int8.FindInitializer(weight.Inputs[1])!.Data.Count, weight.Int("axis", 1)));
        float[] scales = int8.FindInitializer(weight.Inputs[1])!.Data.AsSpan<float>().ToArray(), filter = graph.FindInitializer("t")!.Data.AsSpan<float>().ToArray();
        for (int channel = 0; channel < 3; channel++)
        {
            float largest = filter.Where((_, i) => i / 9 % 3 == channel).Max(Math.Abs);
            Assert.Equal(largest / QuantizationScheme.Of(QuantizationTarget.Auto).WeightSteps, scales[channel], 1e-7);
        }

        Assert.Equal((2, 0), (quantizer.Plan.Weighted.Count, quantizer.Plan.FloatLayers));
        Assert.Empty(SessionLog.Warnings(int8));
        Assert.InRange(Quantized.Difference(graph, int8), 1e-6, 0.03);
        if (bias)
        {
            var stored = int8.Nodes.Single(node => node.Outputs[0] == layer.Inputs[2]);
            Assert.Equal((ElementType.Int32, 3 * groups), (int8.FindInitializer(stored.Inputs[0])!.Data.Type, (int)int8.FindInitializer(stored.Inputs[1])!.Data.Count));
        }
    }

    [Fact]
    public void Lifted_and_deployed_again_it_holds_the_same_integers()
    {
        var int8 = Quantized.Calibrate(Graph(2, bias: true)).Quantize(cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(0, Quantized.Difference(int8, new DeployQuantizedPass().Apply(new LiftQuantizedPass().Apply(int8).Graph).Graph));
    }

    private static ModelGraph Graph(int groups, bool bias) => new TestGraph().Input("x", Dimension.Named("batch"), 3, 5, 5).Weight("w", 4, 3, 3, 3).Weight("t", 4, 3, 3, 3).Weight("b", 3 * groups)
        .Node("Conv", ["x", "w"], ["c"]).Node("Relu", ["c"], ["r"])
        .Node("ConvTranspose", bias ? ["r", "t", "b"] : ["r", "t"], ["y"], ("group", new IntValue(groups)), ("strides", new IntsValue([2, 2]))).Output("y").Graph;
}
