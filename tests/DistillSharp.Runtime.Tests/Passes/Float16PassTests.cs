using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Zoo;

namespace DistillSharp.Runtime.Tests.Passes;

public sealed class Float16PassTests
{
    [Fact]
    public void A_network_in_float16_computes_nearly_the_same_from_half_the_bytes()
    {
        var graph = ResNet.ResNet8(new() { Height = 8, Width = 8 }).Randomized();

        var result = PassAssert.Keeps(graph, new Float16Pass(new()), 0.01).Graph;

        Assert.Equal(ElementType.Float32, result.Inputs[0].Type);
        Assert.All(result.Nodes.Where(node => node.Operation == "Conv"), node => Assert.Equal(ElementType.Float16, result.FindInitializer(node.Inputs[1])!.Data.Type));
        Assert.All(result.Nodes.Where(node => node.Operation == "BatchNormalization"), node => Assert.All(node.Inputs.Skip(1), name => Assert.Equal(ElementType.Float32, result.FindInitializer(name)!.Data.Type)));
        Assert.Equal(graph.Initializers.Select(initializer => initializer.Name), result.Initializers.Select(initializer => initializer.Name));
    }

    [Fact]
    public void Islands_that_follow_each_other_are_not_cast_between()
    {
        var graph = new TestGraph().Input("x", 2, 4).Weight("w", 4, 4).Node("MatMul", ["x", "w"], ["a"]).Node("Softmax", ["a"], ["b"]).Node("Log", ["b"], ["c"]).Node("Relu", ["c"], ["d"]).Node("Neg", ["a"], ["e"]).Node("Add", ["d", "e"], ["y"]).Output("y").Graph;
        graph.Nodes[3].Operation = "Abs";

        var result = PassAssert.Keeps(graph, new Float16Pass(new()), 0.01).Graph;

        Assert.Equal(["Cast", "MatMul", "Cast", "Softmax", "Log", "Cast", "Abs", "Neg", "Add", "Cast"], result.Nodes.Select(node => node.Operation));
    }

    [Fact]
    public void A_weight_beyond_the_range_is_kept_and_reported()
    {
        var graph = new TestGraph().Input("x", 2, 2).Constant("large", TensorData.Create<float>([1e5f, 2], 2)).Constant("small", TensorData.Create<float>([1e-5f], 1))
            .Node("Mul", ["x", "large"], ["a"]).Node("Mul", ["a", "small"], ["b"]).Node("Add", ["b", "x"], ["y"]).Output("y").Graph;

        var result = PassAssert.Keeps(graph, new Float16Pass(new() { Nodes = ["make_b"] }), 0.01);

        Assert.Contains(result.Changes[0].Notes, note => note.Contains("Mul 'make_a' stays float32: 'large' holds 100000", StringComparison.Ordinal));
        Assert.Equal(ElementType.Float32, result.Graph.FindInitializer("large")!.Data.Type);
    }

    [Fact]
    public void A_weight_that_both_kinds_read_exists_in_both_forms()
    {
        var graph = new TestGraph().Input("x", 2, 4).Weight("w", 4).Node("Mul", ["x", "w"], ["a"]).Node("Pow", ["a", "w"], ["b"]).Node("Abs", ["a"], ["c"]).Node("Pow", ["c", "w"], ["y"]).Output("y").Graph;
        graph.Nodes.RemoveAt(1);

        var result = PassAssert.Keeps(graph, new Float16Pass(new()), 0.01).Graph;

        Assert.Equal([ElementType.Float32, ElementType.Float16], result.Initializers.Select(initializer => initializer.Data.Type));
    }

    [Fact]
    public void The_caller_can_feed_and_read_float16()
    {
        var graph = new TestGraph().Input("x", 2, 4).Input("i", ElementType.Int64, 2).Weight("w", 4, 4).Node("MatMul", ["x", "w"], ["a"]).Node("Softmax", ["a"], ["p"]).Node("Gather", ["p", "i"], ["y"]).Output("y").Output("p").Graph;
        graph.Inputs[1] = graph.Inputs[1] with { Shape = [1] };

        var result = new Float16Pass(new() { KeepInputsAndOutputs = false }).Apply(graph).Graph;

        var feeds = PassAssert.Feeds(graph, 1);
        feeds["i"] = TensorData.Create<long>([1], 1);
        var halves = feeds.ToDictionary(pair => pair.Key, pair => pair.Value.Type == ElementType.Float32 ? TensorData.Create<Half>(Array.ConvertAll(pair.Value.AsSpan<float>().ToArray(), value => (Half)value), [.. pair.Value.Shape]) : pair.Value);
        var expected = SessionRun.Run(graph, feeds);
        foreach (var (name, data) in SessionRun.Run(result, halves))
        {
            Assert.Equal(ElementType.Float16, data.Type);
            Assert.All(PassAssert.Numbers(expected[name]).Zip(PassAssert.Numbers(data)), pair => Assert.Equal(pair.First, pair.Second, 0.01));
        }

        Assert.Empty(DistillSharp.Graph.Analysis.Checking.GraphChecker.Check(result));
    }
}
