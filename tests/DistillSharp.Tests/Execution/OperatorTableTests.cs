using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Tests.Execution.Operators;

namespace DistillSharp.Tests.Execution;

public sealed class OperatorTableTests
{
    [Fact]
    public void An_operator_that_is_not_covered_is_refused_with_node_operator_and_what_is_covered()
    {
        var error = Assert.Throws<OperatorNotCoveredException>(() => new GraphExecutor(new OneNode("LSTM", 2, 3).Graph));

        Assert.Equal("the node", error.Node.Name);
        Assert.Contains("LSTM 'the node'", error.Message, StringComparison.Ordinal);
        Assert.Contains("the operator LSTM is not covered", error.Message, StringComparison.Ordinal);
        Assert.Contains("Covered are Abs, Acos, Acosh, Add, And", error.Message, StringComparison.Ordinal);
        Assert.Contains("can still be a teacher", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_of_another_domain_is_not_mistaken_for_onnxs_own()
    {
        var graph = new OneNode("Relu", 2, 3).Graph;
        graph.Nodes[0].Domain = "com.example";

        var error = Assert.Throws<OperatorNotCoveredException>(() => new GraphExecutor(graph));
        Assert.Contains("com.example.Relu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_nobody_wants_need_not_be_covered()
    {
        var graph = new OneNode("Relu", 2, 3).Graph;
        graph.Nodes.Add(new GraphNode("LSTM", ["y0"], ["unused"], "further on"));

        using var executor = new GraphExecutor(graph);
        Assert.Equal(["x"], executor.InputNames);
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "auto_pad", "auto_pad SOME is not known; NOTSET, VALID, SAME_UPPER and SAME_LOWER are" },
        { "pads", "pads [0, 1, 1] must be two for every axis" },
        { "strides", "strides [0, 1] and dilations [] must be 1 or more" },
        { "window", "it needs a kernel_shape of 1, 2 or 3 sizes" },
        { "gelu", "approximate 'some' is not known; 'none' and 'tanh' are" },
        { "pad", "mode 'some' is not known; constant, reflect, edge and wrap are" },
        { "resize", "mode 'some' is not known; nearest, linear, cubic are" },
        { "scatter", "the reduction 'some' is not known; none, add, mul, max and min are" },
        { "cast", "a conversion to type 8 is not covered" },
        { "quantise", "quantising to Int32 is not covered" },
        { "constant", "a constant given as value_string is not covered" },
        { "groups", "it needs num_groups of 1 or more" },
        { "block", "it needs a blocksize of 1 or more" },
        { "channels", "a size of 0 channels is none" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_feature_that_is_not_covered_is_refused_by_node_before_the_first_batch(string what, string says)
    {
        var node = what switch
        {
            "auto_pad" => new OneNode("Conv", 1, 1, 4, 4).Weight(1, 1, 3, 3).Text("auto_pad", "SOME"),
            "pads" => new OneNode("Conv", 1, 1, 4, 4).Weight(1, 1, 3, 3).Ints("pads", 0, 1, 1),
            "strides" => new OneNode("Conv", 1, 1, 4, 4).Weight(1, 1, 3, 3).Ints("strides", 0, 1),
            "window" => new OneNode("MaxPool", 1, 1, 4, 4),
            "gelu" => new OneNode("Gelu", 2, 3).Text("approximate", "some").Opset(20),
            "pad" => new OneNode("Pad", 2, 3).Constant(1, 1, 1, 1).Text("mode", "some"),
            "resize" => new OneNode("Resize", 2, 3).Text("mode", "some"),
            "scatter" => new OneNode("ScatterElements", 2, 3).Again().Again().Text("reduction", "some"),
            "cast" => new OneNode("Cast", 2, 3).Int("to", 8),
            "quantise" => new OneNode("QuantizeLinear", 2, 3).Scalar(1).Int("output_dtype", 6).Opset(21),
            "constant" => new OneNode("Constant", 2, 3).Text("value_string", "some"),
            "groups" => new OneNode("GroupNormalization", 2, 3).Weight(3).Weight(3),
            "block" => new OneNode("DepthToSpace", 1, 4, 1, 1),
            "channels" => new OneNode("LRN", 1, 4, 1, 1),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };

        var error = Assert.Throws<OperatorNotCoveredException>(() => new GraphExecutor(node.Graph));
        Assert.Contains("'the node'", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }
}
