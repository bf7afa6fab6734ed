using DistillSharp.Graph;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Runtime.Tests.Passes;

public sealed class NormalizeActivationsPassTests
{
    [Theory]
    [InlineData("relu-min", "Clip")]
    [InlineData("max-min", "Clip")]
    [InlineData("min-max", "Clip")]
    [InlineData("max", "Relu")]
    [InlineData("clip-open", "Relu")]
    [InlineData("clip-two", "Clip")]
    [InlineData("hard-sigmoid", "HardSigmoid")]
    [InlineData("swish-divided", "HardSwish")]
    [InlineData("swish-times-sixth", "HardSwish")]
    [InlineData("swish-product-divided", "HardSwish")]
    [InlineData("swish-operator", "HardSwish")]
    [InlineData("silu", "Sigmoid Mul")]
    public void An_activation_in_pieces_becomes_one_unit_behind_its_layer(string form, string expected)
    {
        var test = new TestGraph().Input("x", 2, 3, 5, 5).Weight("w", 4, 3, 1, 1).Node("Conv", ["x", "w"], ["c"]);
        void Number(string name, float value) => test.Constant(name, TensorData.Create<float>([value]));
        Number("zero", 0);
        Number("three", 3);
        Number("six", 6);
        Number("sixth", 1f / 6);
        Number("half", 0.4f);
        Number("big", float.MaxValue);
        _ = form switch
        {
            "relu-min" => test.Node("Relu", ["c"], ["r"]).Node("Min", ["r", "half"], ["y"]),
            "max-min" => test.Node("Max", ["zero", "c"], ["r"]).Node("Min", ["half", "r"], ["y"]),
            "min-max" => test.Node("Min", ["c", "half"], ["r"]).Node("Max", ["r", "zero"], ["y"]),
            "max" => test.Node("Max", ["c", "zero"], ["y"]),
            "clip-open" => test.Node("Clip", ["c", "zero", "big"], ["y"]),
            "clip-two" => test.Node("Clip", ["c", "zero"], ["r"]).Node("Clip", ["r", "", "half"], ["y"]),
            "hard-sigmoid" => test.Node("Add", ["c", "three"], ["a"]).Node("Clip", ["a", "zero", "six"], ["b"]).Node("Div", ["b", "six"], ["y"]),
            "swish-divided" => test.Node("Add", ["three", "c"], ["a"]).Node("Relu", ["a"], ["b"]).Node("Min", ["b", "six"], ["m"]).Node("Div", ["m", "six"], ["d"]).Node("Mul", ["c", "d"], ["y"]),
            "swish-times-sixth" => test.Node("Add", ["c", "three"], ["a"]).Node("Clip", ["a", "zero", "six"], ["b"]).Node("Mul", ["sixth", "b"], ["d"]).Node("Mul", ["d", "c"], ["y"]),
            "swish-product-divided" => test.Node("Add", ["c", "three"], ["a"]).Node("Clip", ["a", "zero", "six"], ["b"]).Node("Mul", ["c", "b"], ["d"]).Node("Div", ["d", "six"], ["y"]),
            "swish-operator" => test.Node("HardSigmoid", ["c"], ["b"], ("alpha", new FloatValue(1f / 6)), ("beta", new FloatValue(0.5f))).Node("Mul", ["c", "b"], ["y"]),
            _ => test.Node("Sigmoid", ["c"], ["s"]).Node("Mul", ["s", "c"], ["y"]),
        };

        var result = PassAssert.Keeps(test.Output("y").Graph, new NormalizeActivationsPass(), 1e-6).Graph;

        Assert.Equal($"Conv {expected}", string.Join(" ", result.Nodes.Select(node => node.Operation)));
        var unit = ActivationUnit.Behind(new(result), result.Nodes[0]);
        Assert.Equal("y", unit?.Output);
        Assert.Equal(result.Nodes.Skip(1), unit!.Nodes);
        Assert.Equal("c", unit.Nodes[^1].Inputs[0]);
    }

    [Fact]
    public void What_is_read_in_between_stays()
    {
        var graph = new TestGraph().Input("x", 2, 3).Constant("six", TensorData.Create<float>([0.3f])).Node("Relu", ["x"], ["r"]).Node("Min", ["r", "six"], ["m"]).Node("Add", ["m", "r"], ["y"]).Output("y").Graph;

        Assert.Equal(["Relu", "Clip", "Add"], PassAssert.Keeps(graph, new NormalizeActivationsPass(), 0).Graph.Nodes.Select(node => node.Operation));
    }

    [Fact]
    public void A_bound_for_each_channel_is_no_activation()
    {
        var graph = new TestGraph().Input("x", 2, 3).Weight("bound", 3).Node("Max", ["x", "bound"], ["y"]).Output("y").Graph;

        Assert.Equal(0, PassAssert.Keeps(graph, new NormalizeActivationsPass(), 0).Changes[0].Total);
    }

    [Fact]
    public void A_value_that_is_wanted_or_read_twice_is_no_unit()
    {
        var graph = new TestGraph().Input("x", 2, 3, 5, 5).Weight("w", 4, 3, 1, 1).Node("Conv", ["x", "w"], ["c"]).Node("Relu", ["c"], ["r"]).Node("Add", ["c", "r"], ["y"]).Output("y").Graph;

        Assert.Null(ActivationUnit.Behind(new(graph), graph.Nodes[0]));
    }
}
