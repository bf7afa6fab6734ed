using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Passes.Opsets;
using DistillSharp.Graph.Zoo;

namespace DistillSharp.Runtime.Tests.Passes;

/// <summary>Passes that cut out, put in and separate.</summary>
public sealed class SurgeryPassesTests
{
    [Fact]
    public void Two_parts_cut_at_a_value_compute_what_the_whole_does()
    {
        var graph = ResNet.ResNet8(new() { Height = 8, Width = 8 }).Randomized();
        string middle = graph.Nodes.First(node => node.Operation == "Add").Outputs[0];

        var front = new ExtractPass([], [middle]).Apply(graph).Graph;
        var back = new ExtractPass([middle], ["logits"]).Apply(graph).Graph;

        var feeds = PassAssert.Feeds(graph, 1);
        PassAssert.Same(SessionRun.Run(graph, feeds), SessionRun.Run(back, SessionRun.Run(front, feeds)), 1e-6);
        Assert.Equal(graph.Nodes.Count, front.Nodes.Count + back.Nodes.Count);
        Assert.Empty(GraphChecker.Check(front).Concat(GraphChecker.Check(back)));
        Assert.Empty(front.Initializers.Select(initializer => initializer.Name).Intersect(back.Initializers.Select(initializer => initializer.Name)));
    }

    [Fact]
    public void A_part_that_needs_what_is_not_fed_is_refused_by_name()
    {
        var graph = new TestGraph().Input("x", 2).Input("z", 2).Node("Relu", ["x"], ["a"]).Node("Add", ["a", "z"], ["y"]).Output("y").Graph;

        Assert.Contains("also depends on the input 'z'", Assert.Throws<GraphException>(() => new ExtractPass(["a"], ["y"]).Apply(graph)).Message, StringComparison.Ordinal);
        Assert.Contains("no value named 'q'", Assert.Throws<GraphException>(() => new ExtractPass(["q"], ["y"]).Apply(graph)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(17, 17)]
    [InlineData(17, 19)]
    [InlineData(19, 17)]
    public void Another_models_end_put_behind_a_value_computes_front_then_end(int model, int end)
    {
        var one = Written(ResNet.ResNet8(new() { Height = 8, Width = 8 }).Randomized(1), model);
        var other = Written(ResNet.ResNet14(new() { Height = 8, Width = 8 }).Randomized(2), end);
        string here = one.Nodes.Last(node => node.Operation == "Relu").Outputs[0], there = other.Nodes.Last(node => node.Operation == "Add").Outputs[0];
        var behind = new ExtractPass([there], ["logits"]).Apply(other).Graph;

        var result = new GraftPass(here, behind, "end").Apply(one).Graph;

        var feeds = PassAssert.Feeds(one, 1);
        var front = SessionRun.Run(new ExtractPass([], [here]).Apply(one).Graph, feeds);
        var expected = SessionRun.Run(behind, new Dictionary<string, TensorData> { [there] = front[here] });
        PassAssert.Same(expected, SessionRun.Run(result, feeds), 1e-6);
        Assert.Equal("logits", result.Outputs[0].Name);
        Assert.Empty(GraphChecker.Check(result));
        Assert.Contains(result.Initializers, weight => weight.Name.StartsWith("end.", StringComparison.Ordinal));
        Assert.Null(result.FindInitializer("fc.weight"));

        // Once more behind the same value: nothing of the first end is left.
        var again = new GraftPass(here, behind, "end").Apply(result).Graph;
        PassAssert.Same(expected, SessionRun.Run(again, feeds), 1e-6);
        Assert.Equal(result.Nodes.Count, again.Nodes.Count);
        Assert.Equal(result.Initializers.Count, again.Initializers.Count);
    }

    [Fact]
    public void An_end_that_fits_nowhere_is_refused_by_name()
    {
        var graph = new TestGraph().Input("x", 2).Node("Relu", ["x"], ["a"]).Node("Neg", ["a"], ["y"]).Output("y").Graph;
        var end = new TestGraph().Input("u", 2).Node("Abs", ["u"], ["v"]).Output("v").Graph;
        var wide = new TestGraph().Input("u", 2).Input("w", 2).Node("Add", ["u", "w"], ["v"]).Output("v").Graph;

        Assert.Contains("'q': no node makes it", Refused("q", end), StringComparison.Ordinal);
        Assert.Contains("'x': no node makes it", Refused("x", end), StringComparison.Ordinal);
        Assert.Contains("'y': it is the model's output", Refused("y", end), StringComparison.Ordinal);
        Assert.Contains("has 2 inputs (u, w)", Refused("a", wide), StringComparison.Ordinal);

        string Refused(string value, ModelGraph other) => Assert.Throws<GraphException>(() => new GraftPass(value, other, "end").Apply(graph)).Message;
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Pictures_are_fed_as_they_come(bool bytes, bool channelsLast)
    {
        var graph = new TestGraph().Input("x", Dimension.Named("n"), 3, 4, 5).Weight("w", 2, 3, 3, 3).Node("Conv", ["x", "w"], ["y"]).Output("y").Graph;
        double[] mean = [0.48, 0.45, 0.4], deviation = [0.22, 0.23, 0.25];

        var result = new EmbedPreprocessingPass(new() { Bytes = bytes, ChannelsLast = channelsLast, Mean = mean, Deviation = deviation }).Apply(graph).Graph;

        var random = new Random(3);
        byte[] planes = new byte[2 * 3 * 4 * 5];
        random.NextBytes(planes);
        float[] normalized = [.. planes.Select((value, i) => (float)(((value / 255.0) - mean[i / 20 % 3]) / deviation[i / 20 % 3]))];
        byte[] fed = channelsLast ? [.. Enumerable.Range(0, planes.Length).Select(i => planes[(i / 60 * 60) + (i % 3 * 20) + (i / 3 % 20)])] : planes;
        long[] shape = channelsLast ? [2, 4, 5, 3] : [2, 3, 4, 5];
        var feed = bytes ? TensorData.Create<byte>(fed, shape) : TensorData.Create<float>([.. fed.Select(value => value / 255f)], shape);
        PassAssert.Same(
            SessionRun.Run(graph, new Dictionary<string, TensorData> { ["x"] = TensorData.Create<float>(normalized, 2, 3, 4, 5) }),
            SessionRun.Run(result, new Dictionary<string, TensorData> { ["x"] = feed }),
            1e-5);
        Assert.Empty(GraphChecker.Check(result));
    }

    [Fact]
    public void Untied_weights_are_equal_and_apart()
    {
        var graph = new TestGraph().Input("x", 1, 3, 4, 4).Weight("w", 3, 3, 1, 1).Node("Conv", ["x", "w"], ["a"]).Node("Conv", ["a", "w"], ["b"]).Node("Conv", ["b", "w"], ["y"]).Output("y").Graph;

        var result = PassAssert.Keeps(graph, new UntiePass(new()), 0);

        Assert.Equal(3, result.Graph.Initializers.Count);
        Assert.Equal(2, result.Changes[0].Counts["copies made"]);
        Assert.Equal("w", result.Graph.Nodes[0].Inputs[1]);
        Assert.All(result.Graph.Initializers, weight => Assert.True(weight.Trainable));
        Assert.Contains("'v'", Assert.Throws<GraphException>(() => new UntiePass(new() { Weights = ["v"] }).Apply(graph)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_normalisation_put_in_changes_nothing_and_can_be_folded_again()
    {
        var graph = new FoldBatchNormPass().Apply(ResNet.ResNet8(new() { Height = 8, Width = 8 }).Randomized()).Graph;
        string measured = graph.Nodes.First(node => node.Operation == "Conv").Outputs[0];
        int channels = (int)graph.FindInitializer(graph.Nodes.First(node => node.Operation == "Conv").Inputs[1])!.Data.Shape[0];
        var statistics = new ChannelStatistics([.. Enumerable.Range(0, channels).Select(i => i * 0.1)], [.. Enumerable.Range(1, channels).Select(i => i * 0.5)]);

        var result = PassAssert.Keeps(graph, new InsertBatchNormPass(new() { Statistics = new Dictionary<string, ChannelStatistics> { [measured] = statistics } }), 1e-5);

        Assert.Equal(graph.Nodes.Count(node => node.Operation == "Conv"), result.Graph.Nodes.Count(node => node.Operation == "BatchNormalization"));
        Assert.Equal(graph.Nodes.Count, PassAssert.Keeps(result.Graph, new FoldBatchNormPass(), 1e-4).Graph.Nodes.Count);
        Assert.Equal(2.1f, result.Graph.FindInitializer(result.Graph.Nodes.Last(node => node.Operation == "BatchNormalization").Inputs[1])!.Data.AsSpan<float>()[0] + 1.1f, 1e-3f);
    }

    private static ModelGraph Written(ModelGraph graph, int opset) => new UpgradeOpsetPass(new() { Target = opset }).Apply(graph).Graph;
}
