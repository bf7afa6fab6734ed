using DistillSharp.Graph;
using DistillSharp.Graph.Format;
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

    [Fact]
    public void A_transformer_keeps_its_attention_in_float_and_its_weights_are_a_quarter()
    {
        using var folder = new TemporaryFolder();
        var graph = Transformer();
        var result = new DynamicQuantizePass(new()).Apply(graph).Graph;

        // Six products by weights are integer ones; queries by keys and shares by values are products of two activations.
        Assert.Equal(6, result.Nodes.Count(node => node.Operation == "MatMulInteger"));
        Assert.Equal(2, result.Nodes.Count(node => node.Operation == "MatMul"));
        Assert.Equal(4, result.Nodes.Count(node => node.Operation == "DynamicQuantizeLinear"));
        Assert.InRange(Quantized.Difference(graph, result), 1e-6, 0.03);
        Assert.Empty(SessionLog.Warnings(result));
        Assert.InRange((double)OnnxFile.Serialize(result).Length / OnnxFile.Serialize(graph).Length, 0.25, 0.29);
        Assert.DoesNotContain(SessionLog.Optimized(result, folder).Nodes, node => node.Operation is "MatMulInteger" or "Cast");
    }

    [Fact]
    public void Calibrated_the_transformer_agrees_too()
    {
        var graph = Transformer();
        var quantizer = Quantized.Calibrate(graph);
        var int8 = quantizer.Quantize(cancellation: TestContext.Current.CancellationToken);

        Assert.Equal((6, 0), (quantizer.Plan.Weighted.Count, quantizer.Plan.FloatLayers));
        Assert.Empty(SessionLog.Warnings(int8));
        Assert.InRange(Quantized.Difference(graph, int8), 1e-6, 0.05);
    }

    /// <summary>One block of a transformer: attention of one head, layer normalisations, a Gelu between two products.</summary>
    private static ModelGraph Transformer()
    {
        const int width = 128, hidden = 256;
        var test = new TestGraph().Input("x", Dimension.Named("batch"), 10, width);
        foreach (string name in new[] { "q", "k", "v", "o" })
        {
            test.Weight("w" + name, width, width).Weight("b" + name, width);
        }

        test.Weight("w1", width, hidden).Weight("b1", hidden).Weight("w2", hidden, width).Weight("b2", width).Weight("g", width).Weight("h", width).Weight("g2", width).Weight("h2", width)
            .Constant("root", TensorData.Create<float>([MathF.Sqrt(width)])).Constant("half", TensorData.Create<float>([0.5f])).Constant("one", TensorData.Create<float>([1])).Constant("sqrt2", TensorData.Create<float>([MathF.Sqrt(2)]));
        void Dense(string x, string name, string y) => test.Node("MatMul", [x, "w" + name], ["m" + name]).Node("Add", ["m" + name, "b" + name], [y]);
        Dense("x", "q", "q");
        Dense("x", "k", "k");
        Dense("x", "v", "v");
        test.Node("Transpose", ["k"], ["kt"], ("perm", new IntsValue([0, 2, 1]))).Node("MatMul", ["q", "kt"], ["s"]).Node("Div", ["s", "root"], ["sd"]).Node("Softmax", ["sd"], ["p"], ("axis", new IntValue(-1)))
            .Node("MatMul", ["p", "v"], ["a"]);
        Dense("a", "o", "ao");
        test.Node("Add", ["x", "ao"], ["r"]).Node("LayerNormalization", ["r", "g", "h"], ["n"]);
        Dense("n", "1", "f");
        test.Node("Div", ["f", "sqrt2"], ["e"]).Node("Erf", ["e"], ["erf"]).Node("Add", ["erf", "one"], ["e1"]).Node("Mul", ["f", "e1"], ["fe"]).Node("Mul", ["fe", "half"], ["gelu"]);
        Dense("gelu", "2", "d");
        return test.Node("Add", ["n", "d"], ["r2"]).Node("LayerNormalization", ["r2", "g2", "h2"], ["y"]).Output("y").Graph;
    }

    private static ModelGraph Products() => new TestGraph().Input("x", Dimension.Named("batch"), 16).Weight("wa", 16, 12).Weight("wb", 12, 16).Weight("bb", 12).Weight("wc", 12, 7)
        .Node("MatMul", ["x", "wa"], ["a"]).Node("Gemm", ["x", "wb", "bb"], ["b"], ("transB", new IntValue(1)))
        .Node("Add", ["a", "b"], ["s"]).Node("Tanh", ["s"], ["t"]).Node("MatMul", ["t", "wc"], ["y"]).Output("y").Graph;
}
