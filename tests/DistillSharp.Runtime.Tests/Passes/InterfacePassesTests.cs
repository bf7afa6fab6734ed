using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Zoo;

namespace DistillSharp.Runtime.Tests.Passes;

/// <summary>Passes that change what a caller sees of a model: its outputs, names and sizes.</summary>
public sealed class InterfacePassesTests
{
    [Fact]
    public void A_tap_adds_the_value_after_the_outputs_there_are()
    {
        var graph = ResNet.ResNet8(new() { Height = 8, Width = 8 }).Randomized();
        string inner = graph.Nodes[graph.Nodes.Count / 2].Outputs[0];

        var tapped = new TapPass(inner).Apply(graph).Graph;

        var feeds = PassAssert.Feeds(graph, 1);
        var outputs = SessionRun.Run(tapped, feeds);
        Assert.Equal(["logits", inner], outputs.Keys);
        PassAssert.Same(SessionRun.Run(graph, feeds), outputs.Where(pair => pair.Key == "logits").ToDictionary(), 0);
        Assert.Equal(tapped.Outputs[1].Shape!.Skip(1).Select(size => size.Size), outputs[inner].Shape.Skip(1).Select(size => (long?)size));
    }

    [Fact]
    public void A_renamed_model_computes_the_same_under_other_names()
    {
        var graph = LeNet.Create(new()).Randomized();

        var renamed = new RenamePass(new Dictionary<string, string> { ["input"] = "pixels", ["logits"] = "scores", ["conv1.weight"] = "first" }).Apply(graph).Graph;

        var feeds = PassAssert.Feeds(graph, 1);
        var expected = SessionRun.Run(graph, feeds).ToDictionary(pair => "scores", pair => pair.Value);
        PassAssert.Same(expected, SessionRun.Run(renamed, new Dictionary<string, TensorData> { ["pixels"] = feeds["input"] }), 0);
        Assert.True(renamed.FindInitializer("first")!.Trainable);
    }

    [Fact]
    public void A_model_for_one_picture_takes_any_number()
    {
        // Reshapes as exporters write them: to features, to groups of channels and back, and with the batch merged into rows.
        var graph = new TestGraph().Input("x", 1, 4, 6, 6).Weight("w", 8, 4, 3, 3).Weight("f", 128, 5)
            .Longs("split", 1, 2, 4, 4, 4).Longs("joined", 1, 8, 16).Longs("rows", 8, 16).Longs("back", 1, 8, -1).Longs("flat", 1, 128)
            .Node("Conv", ["x", "w"], ["a"]).Node("Reshape", ["a", "split"], ["b"]).Node("Transpose", ["b"], ["c"], ("perm", new IntsValue([0, 2, 1, 3, 4])))
            .Node("Reshape", ["c", "joined"], ["d"]).Node("Reshape", ["d", "rows"], ["e"]).Node("Softmax", ["e"], ["s"]).Node("Reshape", ["s", "back"], ["g"])
            .Node("Reshape", ["g", "flat"], ["h"]).Node("MatMul", ["h", "f"], ["y"]).Output("y", ElementType.Float32, 1, 5).Graph;

        var result = PassAssert.Keeps(graph, new DynamicBatchPass(new()), 0);

        Assert.Equal("y: Float32 [batch, 5]", result.Graph.Outputs[0].ToString());
        Assert.Equal(5, result.Changes[0].Counts["Reshape constants rewritten"]);
        Rows(graph, result.Graph, 3);
    }

    [Fact]
    public void A_resize_to_a_fixed_size_is_freed_too()
    {
        var graph = new TestGraph().Input("x", 1, 2, 4, 5).Longs("sizes", 1, 2, 8, 15)
            .Node("Resize", ["x", "", "", "sizes"], ["y"], ("mode", new TextValue("linear"))).Output("y", ElementType.Float32, 1, 2, 8, 15).Graph;

        Rows(graph, PassAssert.Keeps(graph, new DynamicBatchPass(new() { Symbol = "n" }), 0).Graph, 4);
    }

    [Fact]
    public void A_free_size_can_be_fixed_again()
    {
        var graph = LeNet.Create(new()).Randomized();

        var result = PassAssert.Keeps(graph, new FixedSizePass(new Dictionary<string, long> { ["batch"] = 2 }), 0).Graph;

        Assert.Equal(2, result.Inputs[0].Shape![0].Size);
        Assert.Equal(2, result.Outputs[0].Shape![0].Size);
    }

    /// <summary>The freed model gives for several pictures what the old one gives for each.</summary>
    private static void Rows(ModelGraph one, ModelGraph free, int count)
    {
        var singles = Enumerable.Range(0, count).Select(i => PassAssert.Feeds(one, 100 + i)["x"]).ToList();
        float[] all = [.. singles.SelectMany(single => single.AsSpan<float>().ToArray())];
        var together = SessionRun.Run(free, new Dictionary<string, TensorData> { ["x"] = TensorData.Create<float>(all, [count, .. singles[0].Shape.Skip(1)]) })["y"];
        float[] apart = [.. singles.SelectMany(single => SessionRun.Run(one, new Dictionary<string, TensorData> { ["x"] = single })["y"].AsSpan<float>().ToArray())];
        Assert.Equal(apart.Length, together.Count);
        Assert.All(apart.Zip(together.AsSpan<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }
}
