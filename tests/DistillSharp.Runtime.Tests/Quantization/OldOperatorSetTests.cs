using DistillSharp.Graph;
using DistillSharp.Graph.Quantization;
using DistillSharp.Runtime.Tests.Passes;

namespace DistillSharp.Runtime.Tests.Quantization;

public sealed class OldOperatorSetTests
{
    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(11)]
    [InlineData(12)]
    public void A_model_of_an_older_operator_set_is_rewritten_and_quantised_channel_by_channel(int opset)
    {
        var graph = Old(opset);
        var quantizer = Quantized.Calibrate(graph);
        var int8 = quantizer.Quantize(cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(opset, graph.Opset);
        Assert.Equal(ModelGraph.DefaultOpset, int8.Opset);
        Assert.Contains(quantizer.Changes, changes => changes.Counts.ContainsKey("operator set raised"));
        Assert.Equal((2, 0), (quantizer.Plan.Weighted.Count, quantizer.Plan.FloatLayers));
        Assert.Contains(int8.Nodes, node => node.Operation == "DequantizeLinear" && int8.FindInitializer(node.Inputs[1])!.Data.Count == 8);
        Assert.Empty(SessionLog.Warnings(int8));
        Assert.InRange(Quantized.Difference(graph, int8), 1e-6, 0.03);
    }

    [Fact]
    public void The_passes_themselves_refuse_what_they_cannot_write()
    {
        string planned = Assert.Throws<GraphException>(() => QuantizationPlan.Of(Old(12), new())).Message;
        string dynamic = Assert.Throws<GraphException>(() => new DynamicQuantizePass(new()).Apply(Old(9))).Message;

        Assert.Contains("operator set 12, and quantising needs 13", planned, StringComparison.Ordinal);
        Assert.Contains("operator set 9, and quantising dynamically needs 11", dynamic, StringComparison.Ordinal);
    }

    /// <summary>What older exporters wrote: Clip with attributes, Dropout, Squeeze and Unsqueeze with attributes.</summary>
    private static ModelGraph Old(int opset)
    {
        var test = new TestGraph(opset).Input("x", Dimension.Named("batch"), 3, 8, 8).Weight("w", 8, 3, 3, 3).Weight("b", 8).Weight("w2", 5, 8).Weight("b2", 5)
            .Node("Conv", ["x", "w", "b"], ["c"], ("pads", new IntsValue([1, 1, 1, 1]))).BatchNorm("c", "n", 8);
        if (opset < 11)
        {
            test.Node("Clip", ["n"], ["r"], ("min", new FloatValue(0)), ("max", new FloatValue(6)));
        }
        else
        {
            test.Constant("zero", TensorData.Create<float>([0])).Constant("six", TensorData.Create<float>([6])).Node("Clip", ["n", "zero", "six"], ["r"]);
        }

        return test.Node("MaxPool", ["r"], ["m"], ("kernel_shape", new IntsValue([2, 2])), ("strides", new IntsValue([2, 2]))).Node("GlobalAveragePool", ["m"], ["p"])
            .Node("Squeeze", ["p"], ["s"], ("axes", new IntsValue([2, 3]))).Node("Unsqueeze", ["s"], ["u"], ("axes", new IntsValue([2]))).Node("Flatten", ["u"], ["f"])
            .Node("Dropout", ["f"], ["d"]).Node("Gemm", ["d", "w2", "b2"], ["y"], ("transB", new IntValue(1))).Output("y").Graph;
    }
}
