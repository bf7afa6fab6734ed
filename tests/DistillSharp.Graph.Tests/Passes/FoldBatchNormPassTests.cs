using DistillSharp.Graph.Passes;

namespace DistillSharp.Graph.Tests.Passes;

public sealed class FoldBatchNormPassTests
{
    [Fact]
    public void The_folded_numbers_are_those_worked_out_by_hand()
    {
        // scale / sqrt(variance + epsilon) = 3 / sqrt(3.75 + 0.25) = 1.5: w = 2 * 1.5, b = (4 - 1) * 1.5 + 0.5.
        var graph = Graph();

        var result = new FoldBatchNormPass().Apply(graph);

        Assert.Equal([3f], result.Graph.FindInitializer("w")!.Data.AsSpan<float>().ToArray());
        Assert.Equal([5f], result.Graph.FindInitializer("b")!.Data.AsSpan<float>().ToArray());
        Assert.Equal(["w", "b"], result.Graph.Initializers.Select(initializer => initializer.Name));
        Assert.Equal("FoldBatchNorm: 1 BatchNormalization folded", result.Changes[0].ToString());
        Assert.Equal([2f], graph.FindInitializer("w")!.Data.AsSpan<float>().ToArray());
    }

    [Fact]
    public void Training_mode_is_left_alone()
    {
        var graph = Graph();
        graph.Nodes[1].Attributes["training_mode"] = new IntValue(1);

        var changes = new FoldBatchNormPass().Apply(graph).Changes[0];

        Assert.Equal(0, changes.Total);
        Assert.Contains("BatchNormalization 'norm' stays", Assert.Single(changes.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_computed_weight_is_left_alone()
    {
        var graph = Graph();
        graph.Nodes[0].Inputs[1] = "x";

        Assert.Contains("a constant", Assert.Single(new FoldBatchNormPass().Apply(graph).Changes[0].Notes), StringComparison.Ordinal);
    }

    private static ModelGraph Graph()
    {
        var graph = new ModelGraph();
        graph.Inputs.Add(new("x", ElementType.Float32, [1, 1, 2, 2]));
        graph.Outputs.Add(new("y", ElementType.Float32, [1, 1, 2, 2]));
        void Number(string name, float value, params long[] shape) => graph.Add(new(name, TensorData.Create<float>([value], shape), trainable: true));
        Number("w", 2, 1, 1, 1, 1);
        Number("b", 4, 1);
        Number("scale", 3, 1);
        Number("shift", 0.5f, 1);
        Number("mean", 1, 1);
        Number("variance", 3.75f, 1);
        graph.Nodes.Add(new("Conv", ["x", "w", "b"], ["c"], "conv"));
        graph.Nodes.Add(new("BatchNormalization", ["c", "scale", "shift", "mean", "variance"], ["y"], "norm") { Attributes = { ["epsilon"] = new FloatValue(0.25f) } });
        return graph;
    }
}
