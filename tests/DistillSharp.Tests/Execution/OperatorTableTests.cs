using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Tests.Execution.Operators;

namespace DistillSharp.Tests.Execution;

public sealed class OperatorTableTests
{
    [Fact]
    public void Every_covered_operator_is_held_against_the_session()
    {
        string[] held = [.. new[]
        {
            ActivationsTests.Cases, ArithmeticTests.Cases, ConvolutionsTests.Cases, DropoutsTests.Cases,
            NormalizationsTests.Cases, PoolingsTests.Cases, ProductsTests.Cases, ShapesTests.Cases,
        }.SelectMany(cases => cases.Keys).Select(name => name.Split(' ', ',')[0]).Distinct().Order(StringComparer.Ordinal)];

        Assert.Equal(held, OperatorTable.Covered);
    }

    [Fact]
    public void An_operator_that_is_not_covered_is_refused_with_node_operator_and_what_is_covered()
    {
        var error = Assert.Throws<OperatorNotCoveredException>(() => new GraphExecutor(new OneNode("Erf", 2, 3).Graph));

        Assert.Equal("the node", error.Node.Name);
        Assert.Contains("Erf 'the node'", error.Message, StringComparison.Ordinal);
        Assert.Contains("the operator Erf is not covered", error.Message, StringComparison.Ordinal);
        Assert.Contains("Conv, Div, Dropout", error.Message, StringComparison.Ordinal);
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
        graph.Nodes.Add(new GraphNode("Erf", ["y0"], ["unused"], "further on"));

        using var executor = new GraphExecutor(graph);
        Assert.Equal(["x"], executor.InputNames);
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "auto_pad", "auto_pad SAME_UPPER is not covered; explicit pads are" },
        { "pads", "pads [0, 1, 1, 1] are not covered" },
        { "strides", "strides [2] are not covered; two of them (2-D) are" },
        { "computed shape", "its input 1 ('x') is computed, or no int64" },
        { "indices", "its second output (the indices) is not covered" },
        { "softmax", "its definition in opset 12 flattens first and is not covered; from opset 13 it is" },
        { "slice", "its definition in opset 9 is not covered; from opset 10 it is" },
        { "steps", "negative steps are not covered" },
        { "all axes", "a mean over all axes is not covered" },
        { "perm", "a Transpose without perm is not covered" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_feature_that_is_not_covered_is_refused_by_node_before_the_first_batch(string what, string says)
    {
        var node = what switch
        {
            "auto_pad" => new OneNode("Conv", 1, 1, 4, 4).Weight(1, 1, 3, 3).Text("auto_pad", "SAME_UPPER"),
            "pads" => new OneNode("Conv", 1, 1, 4, 4).Weight(1, 1, 3, 3).Ints("pads", 0, 1, 1, 1),
            "strides" => new OneNode("Conv", 1, 1, 4).Weight(1, 1, 3).Ints("strides", 2),
            "computed shape" => new OneNode("Reshape", 2, 3).Again(),
            "indices" => new OneNode("MaxPool", 1, 1, 4, 4).Ints("kernel_shape", 2, 2).Outputs(2),
            "softmax" => new OneNode("Softmax", 2, 3).Opset(12),
            "slice" => new OneNode("Slice", 2, 3).Ints("starts", 0).Ints("ends", 1).Opset(9),
            "steps" => new OneNode("Slice", 2, 3).Constant(2).Constant(0).Constant(1).Constant(-1),
            "all axes" => new OneNode("ReduceMean", 2, 3),
            "perm" => new OneNode("Transpose", 2, 3),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };

        var error = Assert.Throws<OperatorNotCoveredException>(() => new GraphExecutor(node.Graph));
        Assert.Contains("'the node'", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }
}
