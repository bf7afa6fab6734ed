using DistillSharp.Graph;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Runtime.Tests.Passes;

/// <summary>The answers are the same, in the new order: held against ONNX Runtime.</summary>
public sealed class ReorderClassesPassTests
{
    private static readonly int[] s_order = [2, 0, 1];

    public static TheoryData<string> Ends => ["gemm", "gemm transposed", "gemm without bias", "softmax", "shared weight", "matmul", "read inside", "relu behind"];

    [Theory]
    [MemberData(nameof(Ends))]
    public void Each_class_answers_as_before_at_its_new_place(string end)
    {
        var graph = Net(end);
        var feeds = PassAssert.Feeds(graph, seed: 3);
        double[] before = PassAssert.Numbers(SessionRun.Run(graph, feeds)["y"]);

        var result = new ReorderClassesPass(s_order).Apply(graph);

        double[] after = PassAssert.Numbers(SessionRun.Run(result.Graph, feeds)["y"]);
        Assert.Equal(before.Length, after.Length);
        Assert.All(Enumerable.Range(0, after.Length), i => Assert.Equal(before[(i / 3 * 3) + s_order[i % 3]], after[i], 1e-6));
        Assert.Equal(end is "matmul" or "read inside" or "relu behind", result.Graph.Nodes.Any(node => node.Operation == "Gather"));
        Assert.Equal(before, PassAssert.Numbers(SessionRun.Run(graph, feeds)["y"]));
    }

    [Fact]
    public void What_others_read_keeps_its_order()
    {
        var graph = Net("read inside");
        var feeds = PassAssert.Feeds(graph, seed: 3);
        var result = new ReorderClassesPass(s_order).Apply(graph).Graph;

        Assert.Equal(PassAssert.Numbers(SessionRun.Run(graph, feeds)["z"]), PassAssert.Numbers(SessionRun.Run(result, feeds)["z"]));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(0, 1, 3)]
    public void An_order_that_is_none_is_refused(params int[] order)
    {
        if (order.Length == 3)
        {
            Assert.Contains("is not one of 3 classes", Assert.Throws<GraphException>(() => new ReorderClassesPass(order).Apply(Net("gemm"))).Message, StringComparison.Ordinal);
        }
        else
        {
            // Two classes of three: no weight has that many rows, and the pass cannot know.
            Assert.Contains(new ReorderClassesPass(order).Apply(Net("gemm")).Graph.Nodes, node => node.Operation == "Gather");
        }
    }

    private static ModelGraph Net(string end)
    {
        var net = new TestGraph().Input("x", Dimension.Named("batch"), 4).Weight("w", end == "gemm transposed" ? [3, 4] : [4, 3]).Weight("b", 3);
        (string, AttributeValue) transposed = ("transB", new IntValue(end == "gemm transposed" ? 1 : 0));
        return end switch
        {
            "gemm without bias" => net.Node("Gemm", ["x", "w"], ["y"], transposed).Output("y").Graph,
            "softmax" => net.Node("Gemm", ["x", "w", "b"], ["l"], transposed).Node("Softmax", ["l"], ["y"]).Output("y").Graph,
            "shared weight" => net.Node("Gemm", ["x", "w", "b"], ["y"], transposed).Node("MatMul", ["x", "w"], ["z"]).Output("y").Output("z").Graph,
            "matmul" => net.Node("MatMul", ["x", "w"], ["y"]).Output("y").Graph,
            "read inside" => net.Node("Gemm", ["x", "w", "b"], ["y"], transposed).Node("Tanh", ["y"], ["z"]).Output("y").Output("z").Graph,
            "relu behind" => net.Node("Gemm", ["x", "w", "b"], ["l"], transposed).Node("Relu", ["l"], ["y"]).Output("y").Graph,
            _ => net.Node("Gemm", ["x", "w", "b"], ["y"], transposed).Output("y").Graph,
        };
    }
}
