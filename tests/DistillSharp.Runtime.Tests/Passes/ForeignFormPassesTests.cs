using DistillSharp.Graph;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Runtime.Tests.Passes;

/// <summary>Passes that turn what other frameworks write into what is fed and answered here.</summary>
public sealed class ForeignFormPassesTests
{
    [Theory]
    [InlineData(17, -1L)]
    [InlineData(17, 1L)]
    [InlineData(11, null)]
    public void A_softmax_is_cut_off_and_what_it_was_given_is_answered(int opset, long? axis)
    {
        var graph = Logits(new(opset));
        graph.Node("Softmax", ["z"], ["y"], axis is { } told ? [("axis", new IntValue(told))] : []).Output("y", shape: [Dimension.Named("n"), 3]);
        var feeds = PassAssert.Feeds(graph.Graph, 1);

        var cut = new CutSoftmaxPass().Apply(graph.Graph);

        // In ONNX Runtime the softmax of what is answered now is what was answered before.
        Assert.Equal(1, cut.Changes[0].Total);
        Assert.DoesNotContain(cut.Graph.Nodes, node => node.Operation == "Softmax");
        var again = cut.Graph.Clone();
        again.Outputs[0] = again.Outputs[0] with { Name = "p" };
        again.Nodes.Add(new("Softmax", ["y"], ["p"]) { Attributes = { ["axis"] = new IntValue(1) } });
        Assert.Equal(PassAssert.Numbers(SessionRun.Run(graph.Graph, feeds)["y"]), PassAssert.Numbers(SessionRun.Run(again, feeds)["p"]));
    }

    [Fact]
    public void Logits_that_something_else_reads_keep_their_name()
    {
        var graph = Logits(new()).Node("Softmax", ["z"], ["y"]).Node("Relu", ["z"], ["r"]).Output("y", shape: [Dimension.Named("n"), 3]).Output("r", shape: [Dimension.Named("n"), 3]);
        var feeds = PassAssert.Feeds(graph.Graph, 1);

        var cut = new CutSoftmaxPass().Apply(graph.Graph).Graph;

        Assert.Equal(["y", "r"], cut.Outputs.Select(output => output.Name));
        var (before, after) = (SessionRun.Run(graph.Graph, feeds), SessionRun.Run(cut, feeds));
        Assert.Equal(PassAssert.Numbers(before["r"]), PassAssert.Numbers(after["r"]));
        Assert.Equal(PassAssert.Numbers(before["r"]), PassAssert.Numbers(after["y"]).Select(value => Math.Max(value, 0)));
    }

    [Fact]
    public void A_softmax_over_the_batch_or_inside_stays()
    {
        var batch = Logits(new()).Node("Softmax", ["z"], ["y"], ("axis", new IntValue(0))).Output("y", shape: [Dimension.Named("n"), 3]).Graph;
        var inside = Logits(new()).Node("Softmax", ["z"], ["p"]).Node("Relu", ["p"], ["y"]).Output("y", shape: [Dimension.Named("n"), 3]).Graph;

        Assert.Equal(0, new CutSoftmaxPass().Apply(batch).Changes[0].Total);
        Assert.Equal(0, new CutSoftmaxPass().Apply(inside).Changes[0].Total);
    }

    [Fact]
    public void Channels_last_become_first_and_the_same_picture_gets_the_same_answer()
    {
        // A product over the flattened picture: any mistake in the order shows.
        var graph = new TestGraph().Input("x", 1, 2, 4, 3).Weight("w", 24, 5).Node("Flatten", ["x"], ["f"]).Node("MatMul", ["f", "w"], ["y"]).Output("y", shape: [1, 5]).Graph;
        var last = PassAssert.Feeds(graph, 1)["x"];
        float[] values = last.AsSpan<float>().ToArray(), turned = new float[24];
        for (int h = 0; h < 2; h++)
        {
            for (int w = 0; w < 4; w++)
            {
                for (int c = 0; c < 3; c++)
                {
                    turned[(c * 8) + (h * 4) + w] = values[(((h * 4) + w) * 3) + c];
                }
            }
        }

        var result = new ChannelsFirstPass().Apply(graph).Graph;

        Assert.Equal([1L, 3, 2, 4], result.Inputs[0].Shape!.Select(size => size.Size!.Value));
        var before = SessionRun.Run(graph, new Dictionary<string, TensorData> { ["x"] = last });
        var after = SessionRun.Run(result, new Dictionary<string, TensorData> { ["x"] = TensorData.Create<float>(turned, 1, 3, 2, 4) });
        Assert.Equal(PassAssert.Numbers(before["y"]), PassAssert.Numbers(after["y"]));
    }

    [Theory]
    [InlineData(1, 3, 8, 8)]
    [InlineData(1, 1, 4, 4)]
    [InlineData(1, 3, 8, 3)]
    public void Channels_first_stay(params int[] shape) =>
        Assert.Equal(0, new ChannelsFirstPass().Apply(new TestGraph().Input("x", [.. shape.Select(size => Dimension.Of(size))]).Node("Relu", ["x"], ["y"]).Output("y").Graph).Changes[0].Total);

    [Fact]
    public void Advice_is_what_the_passes_would_do()
    {
        var graph = new TestGraph().Input("x", 1, 2, 4, 4).Weight("w", 3, 2, 1, 1).Node("Conv", ["x", "w"], ["c"]).BatchNorm("c", "b", 3).Node("Identity", ["b"], ["i"]).Node("Relu", ["i"], ["y"]).Output("y", shape: [1, 3, 4, 4]).Graph;

        var advice = PassAdvice.For(graph).ToDictionary(one => one.Key, one => one.Summary);

        Assert.Equal("1 BatchNormalization folded", advice["fold-batch-norm"]);
        Assert.Equal("1 Identity removed", advice["remove-identity"]);
        Assert.Contains("dynamic-batch", advice.Keys);
        Assert.DoesNotContain("cut-softmax", advice.Keys);
        Assert.DoesNotContain("insert-batch-norm", advice.Keys);
    }

    private static TestGraph Logits(TestGraph graph) => graph.Input("x", Dimension.Named("n"), 4).Weight("w", 4, 3).Node("MatMul", ["x", "w"], ["z"]);
}
