using DistillSharp.Graph;
using DistillSharp.Graph.Passes.Opsets;

namespace DistillSharp.Runtime.Tests.Passes;

/// <summary>Every form and meaning that changed, run in ONNX Runtime in the old form and in the new one.</summary>
public sealed class UpgradeOpsetPassTests
{
    private static (string, AttributeValue) Ints(string name, params long[] values) => (name, new IntsValue(values));

    private static (string, AttributeValue) Int(string name, long value) => (name, new IntValue(value));

    private static (string, AttributeValue) Float(string name, float value) => (name, new FloatValue(value));

    [Theory]
    [InlineData(17)]
    [InlineData(21)]
    public void What_was_an_attribute_becomes_an_input(int target)
    {
        var graph = new TestGraph(opset: 9).Input("x", 2, 1, 6, 8)
            .Node("Clip", ["x"], ["a"], Float("min", -0.5f), Float("max", 0.4f))
            .Node("Pad", ["a"], ["b"], Ints("pads", 0, 0, 1, 2, 0, 0, 0, 1), Float("value", 0.25f))
            .Node("Slice", ["b"], ["c"], Ints("starts", 1, 0), Ints("ends", 6, 9), Ints("axes", 2, 3))
            .Node("Squeeze", ["c"], ["d"], Ints("axes", 1)).Node("Unsqueeze", ["d"], ["e"], Ints("axes", 0))
            .Node("Split", ["e"], ["f", "g"], Int("axis", 3), Ints("split", 4, 5))
            .Node("ReduceSum", ["f"], ["h"], Ints("axes", 3)).Node("ReduceMean", ["g"], ["i"], Ints("axes", 3))
            .Node("TopK", ["i"], ["j", "k"], Int("axis", 2), Int("k", 3)).Node("Dropout", ["h"], ["l"], Float("ratio", 0.3f))
            .Node("Upsample", ["l", "scales"], ["y"], ("mode", new TextValue("linear"))).Constant("scales", TensorData.Create<float>([1, 1, 1.5f, 2], 4))
            .Output("y").Output("j").Output("k", ElementType.Int64).Graph;

        var result = PassAssert.Keeps(graph, new UpgradeOpsetPass(new() { Target = target }), 1e-6);

        Assert.Equal(target, result.Graph.Opset);
        Assert.Contains(result.Graph.Nodes, node => node.Operation == "Resize");
    }

    [Theory]
    [InlineData("nearest")]
    [InlineData("linear")]
    public void An_enlargement_with_scales_as_an_attribute_is_a_resize(string mode)
    {
        var graph = new TestGraph(opset: 7).Input("x", 1, 2, 3, 4).Node("Upsample", ["x"], ["y"], ("scales", new FloatsValue([1, 1, 2.5f, 1.7f])), ("mode", new TextValue(mode))).Output("y").Graph;

        PassAssert.Keeps(graph, new UpgradeOpsetPass(new() { Target = 19 }), 1e-6);
    }

    [Theory]
    [InlineData("Softmax", null)]
    [InlineData("Softmax", 2)]
    [InlineData("Softmax", -1)]
    [InlineData("LogSoftmax", 1)]
    [InlineData("Softmax", 0)]
    public void A_softmax_over_several_dimensions_stays_one(string operation, int? axis)
    {
        var test = new TestGraph(opset: 11).Input("x", Dimension.Named("n"), 3, 4);
        var graph = (axis is { } told ? test.Node(operation, ["x"], ["y"], Int("axis", told)) : test.Node(operation, ["x"], ["y"])).Output("y").Graph;

        PassAssert.Keeps(graph, new UpgradeOpsetPass(new() { Target = 13 }), 1e-6);
    }

    [Fact]
    public void A_normalisation_loses_its_old_attribute_and_training_outputs()
    {
        var graph = new TestGraph(opset: 8).Input("x", 2, 3, 4).BatchNorm("x", "y", 3, Int("spatial", 1)).Output("y").Graph;
        graph.Nodes[0].Outputs.Add("unread_mean");
        graph.Nodes[0].Outputs.Add("unread_variance");

        var result = new UpgradeOpsetPass(new()).Apply(graph).Graph;

        graph.Nodes[0].Outputs.RemoveAt(2);
        graph.Nodes[0].Outputs.RemoveAt(1);
        var feeds = PassAssert.Feeds(graph, 1);
        PassAssert.Same(SessionRun.Run(graph, feeds), SessionRun.Run(result, feeds), 0);
        Assert.Empty(DistillSharp.Graph.Analysis.Checking.GraphChecker.Check(result));
    }

    [Fact]
    public void A_split_into_equal_parts_counts_them_since_18()
    {
        var graph = new TestGraph(opset: 17).Input("x", 2, 6).Node("Split", ["x"], ["a", "b", "c"], Int("axis", 1)).Node("Sum", ["a", "b", "c"], ["y"]).Output("y").Graph;

        Assert.Equal(3, PassAssert.Keeps(graph, new UpgradeOpsetPass(new() { Target = 18 }), 0).Graph.Nodes[0].Int("num_outputs", 0));
    }

    [Fact]
    public void Numbers_of_a_group_become_numbers_of_its_channels()
    {
        var graph = new TestGraph(opset: 18).Input("x", 2, 6, 4).Weight("s", 3).Weight("b", 3).Node("GroupNormalization", ["x", "s", "b"], ["y"], Int("num_groups", 3)).Output("y").Graph;

        var result = new UpgradeOpsetPass(new() { Target = 21 }).Apply(graph).Graph;

        // ONNX Runtime's own reading of 18 has numbers of channels, so the expected numbers are worked out here.
        var feeds = PassAssert.Feeds(graph, 1);
        float[] x = feeds["x"].AsSpan<float>().ToArray(), s = graph.FindInitializer("s")!.Data.AsSpan<float>().ToArray(), b = graph.FindInitializer("b")!.Data.AsSpan<float>().ToArray();
        float[] expected = new float[x.Length];
        for (int group = 0; group < 6; group++)
        {
            var part = x.Skip(group * 8).Take(8).Select(value => (double)value).ToList();
            double mean = part.Average(), variance = part.Average(value => (value - mean) * (value - mean));
            for (int i = 0; i < 8; i++)
            {
                expected[(group * 8) + i] = (float)(((part[i] - mean) / Math.Sqrt(variance + 1e-5) * s[group % 3]) + b[group % 3]);
            }
        }

        PassAssert.Same(new() { ["y"] = TensorData.Create<float>(expected, 2, 6, 4) }, SessionRun.Run(result, feeds), 1e-5);
    }

    [Fact]
    public void What_cannot_be_said_in_the_newer_set_is_refused_by_name()
    {
        var spatial = new TestGraph(opset: 8).Input("x", 2, 3).BatchNorm("x", "y", 3, Int("spatial", 0)).Output("y").Graph;
        var read = new TestGraph(opset: 8).Input("x", 2, 3).BatchNorm("x", "y", 3).Output("y").Output("mean").Graph;
        read.Nodes[0].Outputs.Add("mean");

        Assert.Contains("BatchNormalization 'make_y' cannot be written for operator set 9", Refusal(spatial), StringComparison.Ordinal);
        Assert.Contains("BatchNormalization 'make_y' cannot be written for operator set 14: its output 'mean'", Refusal(read), StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_of_that_set_or_newer_stays_as_it_is()
    {
        var graph = new TestGraph(opset: 19).Input("x", 2).Node("Relu", ["x"], ["y"]).Output("y").Graph;

        var result = new UpgradeOpsetPass(new()).Apply(graph);

        Assert.Equal(19, result.Graph.Opset);
        Assert.Equal(0, result.Changes[0].Total);
    }

    private static string Refusal(ModelGraph graph) => Assert.Throws<GraphException>(() => new UpgradeOpsetPass(new()).Apply(graph)).Message;
}
