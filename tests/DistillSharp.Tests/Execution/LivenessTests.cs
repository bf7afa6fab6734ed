using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Tests.Execution.Operators;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Execution;

/// <summary>What a pass makes on the native heap is gone after it, however it ends.</summary>
[Collection(Alone.Name)]
public sealed class LivenessTests
{
    [Theory]
    [InlineData("resnet8")]
    [InlineData("shufflenet-v1")]
    [InlineData("shufflenet-v2")]
    [InlineData("mobilenetv2-half")]
    [InlineData("wrn-16-1")]
    [InlineData("mlp")]
    [InlineData("yolo11n")]
    public void After_forward_and_backward_the_live_tensors_are_those_before(string key)
    {
        using var executor = new GraphExecutor(GraphExecutorTests.Model(key, side: 32));
        using var input = GraphExecutorTests.Noise(2, 3, 32);
        Pass(executor, input);
        long before = Tensor.TotalCount;

        executor.Evaluate(input).Dispose();
        Assert.Equal(before, Tensor.TotalCount);
        executor.Train(input, step: 1).Dispose();
        Assert.Equal(before, Tensor.TotalCount);
        executor.ZeroGradients();
        Assert.Equal(before, Tensor.TotalCount);
        Pass(executor, input);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void An_executor_leaves_nothing_behind()
    {
        var graph = GraphExecutorTests.Model("resnet8", side: 8);
        long before = Tensor.TotalCount;

        new GraphExecutor(graph).Dispose();

        Assert.Equal(before, Tensor.TotalCount);
    }

    public static TheoryData<string> Failing => ["MatMul", "Gemm", "Gemm with factors", "Reshape", "Concat"];

    [Theory]
    [MemberData(nameof(Failing))]
    public void An_error_in_the_middle_leaves_nothing_behind(string what)
    {
        var graph = (what switch
        {
            "MatMul" => new OneNode("MatMul", 3, 4).Weight(4, 5),
            "Gemm" => new OneNode("Gemm", 3, 4).Weight(5, 4).Weight(5).Int("transB", 1),
            "Gemm with factors" => new OneNode("Gemm", 3, 4).Weight(4, 5).Weight(3, 1).Float("alpha", 2).Float("beta", 2),
            "Reshape" => new OneNode("Reshape", 3, 4).Constant(12, 1),
            _ => new OneNode("Concat", 3, 4).Weight(3, 4).Int("axis", 1),
        }).Graph;
        graph.Nodes.Insert(0, new GraphNode("Sigmoid", ["x"], ["between"], "first"));
        graph.Nodes[1].Inputs[0] = "between";

        // Another number of rows or columns than the graph says: the first node runs, the second cannot.
        using var executor = new GraphExecutor(graph);
        using var x = ones(what == "Gemm with factors" ? [5, 4] : [5, 7]);
        long before = Tensor.TotalCount;

        var error = Assert.Throws<GraphException>(() => executor.Train(x, step: 0));

        Assert.Equal(before, Tensor.TotalCount);
        Assert.Contains("'the node' failed on 'between' [5, ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_graph_leaves_nothing_behind()
    {
        long before = Tensor.TotalCount;

        Assert.Throws<OperatorNotCoveredException>(() => new GraphExecutor(new OneNode("LSTM", 2).Graph));

        Assert.Equal(before, Tensor.TotalCount);
    }

    private static void Pass(GraphExecutor executor, Tensor input)
    {
        executor.ZeroGradients();
        using var outputs = executor.Train(input, step: 0);
        using var squares = outputs[outputs.Names.First()].square();
        using var loss = squares.sum();
        loss.backward();
    }
}
