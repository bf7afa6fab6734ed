using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Zoo;

namespace DistillSharp.Graph.Tests.Passes;

public sealed class DetectionTailTests
{
    [Fact]
    public void It_is_what_follows_the_last_learned_layer_the_distances_filter_included()
    {
        var graph = Yolo11.Yolo11N(new() { Classes = 3 });

        var tail = DetectionTail.NodesOf(graph);

        Assert.Contains(tail, node => node.Operation == "Conv" && node.Inputs[1] == "model.23.dfl.conv.weight");
        Assert.Single(tail, node => node.Operation == "Conv");
        Assert.Equal("output0", tail[^1].Outputs[0]);
        Assert.All(["feat0", "feat1", "feat2"], map => Assert.Contains(tail, node => node.Outputs.Contains(map)));
        Assert.All(tail, node => Assert.True(node.Name.StartsWith("model.23", StringComparison.Ordinal) || node.Name.StartsWith("feat", StringComparison.Ordinal) || node.Name == "output0", node.Name));
        Assert.Equal(tail.Count, DetectionTail.NamesOf(graph).Count);
    }

    [Fact]
    public void A_model_that_ends_in_a_learned_layer_has_none()
    {
        var graph = new ModelGraph();
        graph.Inputs.Add(new("x", ElementType.Float32, [1, 3, 4, 4]));
        graph.Add(new("w", TensorData.Create<float>([1, 2, 4], 1, 3, 1, 1), trainable: true));
        graph.Nodes.Add(new("Relu", ["x"], ["r"]));
        graph.Nodes.Add(new("Conv", ["r", "w"], ["y"]));
        graph.Outputs.Add(new("y", ElementType.Float32, [1, 1, 4, 4]));

        Assert.Empty(DetectionTail.NodesOf(graph));
    }
}
