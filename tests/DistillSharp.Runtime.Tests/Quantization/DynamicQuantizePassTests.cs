using DistillSharp.Graph;
using DistillSharp.Graph.Quantization;
using DistillSharp.Runtime.Tests.Passes;
using DistillSharp.TestKit;

namespace DistillSharp.Runtime.Tests.Quantization;

public sealed class DynamicQuantizePassTests
{
    [Fact]
    public void Products_become_integer_ones_and_answer_nearly_the_same()
    {
        using var folder = new TemporaryFolder();
        var graph = Products();
        var result = new DynamicQuantizePass(new()).Apply(graph);

        Assert.Equal(3, result.Changes[0].Counts["products quantised"]);
        Assert.InRange(Quantized.Difference(graph, result.Graph), 1e-6, 0.03);
        Assert.Empty(SessionLog.Warnings(result.Graph));
        Assert.DoesNotContain(result.Graph.Initializers, initializer => initializer.Data is { Type: ElementType.Float32, Shape.Count: 2 });

        // Two products of one input share its integers.
        Assert.Equal(2, result.Graph.Nodes.Count(node => node.Operation == "DynamicQuantizeLinear"));
        Assert.DoesNotContain(SessionLog.Optimized(result.Graph, folder).Nodes, node => node.Operation is "MatMulInteger" or "Cast");
    }

    [Fact]
    public void What_is_to_stay_in_float_does()
    {
        var result = new DynamicQuantizePass(new() { KeepFloat = ["make_a"] }).Apply(Products());

        Assert.Equal(["MatMul"], result.Graph.Nodes.Where(node => node.Operation is "MatMul" or "Gemm").Select(node => node.Operation));
        Assert.Contains("make_a", result.Changes[0].Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_convolutions_alone_is_refused()
    {
        var graph = new TestGraph().Input("x", 1, 3, 6, 6).Weight("w", 4, 3, 3, 3).Node("Conv", ["x", "w"], ["y"]).Output("y").Graph;

        Assert.Contains("calibration", Assert.Throws<GraphException>(() => new DynamicQuantizePass(new()).Apply(graph)).Message, StringComparison.Ordinal);
    }

    private static ModelGraph Products() => new TestGraph().Input("x", Dimension.Named("batch"), 16).Weight("wa", 16, 12).Weight("wb", 12, 16).Weight("bb", 12).Weight("wc", 12, 7)
        .Node("MatMul", ["x", "wa"], ["a"]).Node("Gemm", ["x", "wb", "bb"], ["b"], ("transB", new IntValue(1)))
        .Node("Add", ["a", "b"], ["s"]).Node("Tanh", ["s"], ["t"]).Node("MatMul", ["t", "wc"], ["y"]).Output("y").Graph;
}
