using DistillSharp.Graph;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Runtime.Tests.Passes;

public sealed class MatMulToGemmPassTests
{
    [Theory]
    [InlineData(true, "5")]
    [InlineData(false, "5")]
    [InlineData(false, "1,5")]
    public void A_product_and_its_bias_become_one_node(bool biasFirst, string shape)
    {
        var graph = new TestGraph().Input("x", Dimension.Named("n"), 4).Weight("w", 4, 5).Weight("b", [.. shape.Split(',').Select(long.Parse)])
            .Node("MatMul", ["x", "w"], ["m"]).Node("Add", biasFirst ? ["b", "m"] : ["m", "b"], ["y"]).Output("y").Graph;

        var result = PassAssert.Keeps(graph, new MatMulToGemmPass());

        Assert.Equal(["Gemm"], result.Graph.Nodes.Select(node => node.Operation));
        Assert.Equal([5L], result.Graph.FindInitializer(result.Graph.Nodes[0].Inputs[2])!.Data.Shape);
    }

    [Fact]
    public void A_bias_that_something_else_reads_keeps_its_shape_there()
    {
        var graph = new TestGraph().Input("x", Dimension.Named("n"), 4).Weight("w", 4, 5).Weight("b", 1, 5)
            .Node("MatMul", ["x", "w"], ["m"]).Node("Add", ["m", "b"], ["a"]).Node("Mul", ["a", "b"], ["y"]).Output("y").Graph;

        Assert.Equal(["Gemm", "Mul"], PassAssert.Keeps(graph, new MatMulToGemmPass()).Graph.Nodes.Select(node => node.Operation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_normalisation_behind_it_folds(bool bias)
    {
        var test = new TestGraph().Input("x", Dimension.Named("n"), 4).Weight("w", 4, 5).Weight("b", 5).Node("MatMul", ["x", "w"], ["m"]);
        var graph = (bias ? test.Node("Add", ["m", "b"], ["a"]) : test).BatchNorm(bias ? "a" : "m", "y", 5).Output("y").Graph;

        PassAssert.Keeps(graph, new MatMulToGemmPass());
        var folded = PassAssert.Keeps(new MatMulToGemmPass().Apply(graph).Graph, new FoldBatchNormPass());

        Assert.Equal(["Gemm"], folded.Graph.Nodes.Select(node => node.Operation));
    }

    [Fact]
    public void What_is_no_matrix_and_what_is_no_bias_stays()
    {
        ModelGraph[] graphs =
        [
            new TestGraph().Input("x", 2, 3, 4).Weight("w", 4, 5).Weight("b", 5).Node("MatMul", ["x", "w"], ["m"]).Node("Add", ["m", "b"], ["y"]).Output("y").Graph,
            new TestGraph().Input("x", 5, 4).Weight("w", 4, 5).Weight("b", 5, 1).Node("MatMul", ["x", "w"], ["m"]).Node("Add", ["m", "b"], ["y"]).Output("y").Graph,
            new TestGraph().Input("x", 5, 4).Weight("w", 4, 5).Weight("b", 3, 1, 5).Node("MatMul", ["x", "w"], ["m"]).Node("Add", ["m", "b"], ["y"]).Output("y").Graph,
            new TestGraph().Input("x", 5, 4).Weight("w", 4, 5).Node("MatMul", ["x", "w"], ["m"]).Node("Add", ["m", "m"], ["y"]).Output("y").Graph,
            new TestGraph().Input("x", 5, 4).Weight("w", 4, 5).Weight("b", 5).Node("MatMul", ["x", "w"], ["m"]).Node("Add", ["m", "b"], ["y"]).Output("y").Output("m").Graph,
            new TestGraph().Input("x", 5, 4).Weight("w", 3, 5).Node("MatMul", ["w", "x"], ["m"]).Node("Relu", ["m"], ["y"]).Output("y").Graph,
        ];

        Assert.All(graphs, graph => Assert.Equal(0, PassAssert.Keeps(graph, new MatMulToGemmPass()).Changes[0].Total));
    }
}
