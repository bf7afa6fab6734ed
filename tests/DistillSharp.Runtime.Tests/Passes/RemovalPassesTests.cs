using DistillSharp.Graph;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Runtime.Tests.Passes;

/// <summary>What is removed changes no output.</summary>
public sealed class RemovalPassesTests
{
    [Fact]
    public void Nodes_that_change_nothing_go_and_names_outside_stay()
    {
        var graph = new TestGraph().Input("x", 2, 3).Constant("ratio", TensorData.Create<float>([0.5f])).Weight("w", 3, 3).Longs("none", 0, 0, 0, 0)
            .Node("Identity", ["x"], ["a"]).Node("Dropout", ["a", "ratio"], ["b"]).Node("Transpose", ["b"], ["c"], ("perm", new IntsValue([0, 1])))
            .Node("Cast", ["c"], ["d"], ("to", new IntValue(1))).Node("Concat", ["d"], ["e"], ("axis", new IntValue(0))).Node("Pad", ["e", "none"], ["f"])
            .Node("MatMul", ["f", "w"], ["g"]).Node("Identity", ["g"], ["y"]).Output("y").Graph;
        graph.FindInitializer("ratio")!.Trainable = false;

        var result = PassAssert.Keeps(graph, new RemoveIdentityPass(new()), 0);

        var only = Assert.Single(result.Graph.Nodes);
        Assert.Equal(["x", "w"], only.Inputs);
        Assert.Equal(["y"], only.Outputs);
        Assert.Equal(["w"], result.Graph.Initializers.Select(initializer => initializer.Name));
        Assert.Equal(7, result.Changes[0].Total);
    }

    [Fact]
    public void A_node_between_input_and_output_stays_and_is_named()
    {
        var graph = new TestGraph().Input("x", 2, 3).Node("Identity", ["x"], ["y"]).Output("y").Graph;

        var result = PassAssert.Keeps(graph, new RemoveIdentityPass(new()), 0);

        Assert.Single(result.Graph.Nodes);
        Assert.Contains("Identity 'make_y' stays: 'x' and 'y'", Assert.Single(result.Changes[0].Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_and_its_copy_that_are_both_outputs_both_stay()
    {
        var graph = new TestGraph().Input("x", 2, 3).Node("Relu", ["x"], ["a"]).Node("Identity", ["a"], ["y"]).Output("a").Output("y").Graph;

        Assert.Equal(2, PassAssert.Keeps(graph, new RemoveIdentityPass(new()), 0).Graph.Nodes.Count);
    }

    [Fact]
    public void A_student_may_keep_its_dropout()
    {
        var graph = new TestGraph().Input("x", 2, 3).Node("Relu", ["x"], ["a"]).Node("Dropout", ["a"], ["b"]).Node("Neg", ["b"], ["y"]).Output("y").Graph;

        Assert.Equal(3, PassAssert.Keeps(graph, new RemoveIdentityPass(new() { Dropout = false }), 0).Graph.Nodes.Count);
        Assert.Equal(2, PassAssert.Keeps(graph, new RemoveIdentityPass(new()), 0).Graph.Nodes.Count);
    }

    [Fact]
    public void What_no_output_depends_on_goes_and_inputs_only_on_request()
    {
        var graph = new TestGraph().Input("x", 2, 3).Input("unread", 1).Weight("w", 3).Weight("v", 3).Node("Add", ["x", "w"], ["y"]).Node("Add", ["unread", "v"], ["a"]).Node("Neg", ["a"], ["b"]).Output("y").Graph;

        var result = PassAssert.Keeps(graph, new RemoveDeadPass(new()), 0);

        Assert.Equal(["y"], result.Graph.Nodes.SelectMany(node => node.Outputs));
        Assert.Equal(["w"], result.Graph.Initializers.Select(initializer => initializer.Name));
        Assert.Equal(2, result.Graph.Inputs.Count);
        Assert.Equal("RemoveDead: 2 nodes removed, 1 initialisers removed", result.Changes[0].ToString());
        Assert.Equal(["x"], new RemoveDeadPass(new() { Inputs = true }).Apply(graph).Graph.Inputs.Select(input => input.Name));
    }
}
