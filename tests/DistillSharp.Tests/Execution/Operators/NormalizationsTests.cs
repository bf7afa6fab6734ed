using DistillSharp.Execution;
using DistillSharp.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Execution.Operators;

public sealed class NormalizationsTests
{
    internal static readonly Dictionary<string, Func<OneNode>> Cases = new()
    {
        ["BatchNormalization"] = () => Node([2, 3, 4, 5], 3),
        ["BatchNormalization of features"] = () => Node([4, 3], 3),
        ["BatchNormalization with another epsilon"] = () => Node([2, 3, 2, 2], 3).Float("epsilon", 0.25f),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_session_gives_the_same(string name) => Cases[name]().AgreesWithTheSession();

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradients_in_training_mode_are_those_of_central_differences(string name) => Cases[name]().GradientsAgreeWithDifferences();

    /// <summary>Worked by hand: of 1, 2, 3, 6 the mean is 3, the variance 14 / 4, the unbiased variance 14 / 3.</summary>
    [Theory]
    [InlineData(null, 0.9)]
    [InlineData(0.9f, 0.9)]
    [InlineData(0.7f, 0.7)]
    [InlineData(0f, 0.0)]
    public void Training_uses_the_batch_and_moves_the_statistics_by_one_minus_the_momentum(float? momentum, double kept)
    {
        var graph = Known(momentum);
        using var executor = new GraphExecutor(graph, new() { Precision = ElementType.Float64 });
        using var x = torch.tensor(new[] { 1.0, 2, 3, 6 }, [2, 1, 1, 2]);

        using var outputs = executor.Train(x, step: 0);

        double[] expected = [.. new[] { 1.0, 2, 3, 6 }.Select(value => (2 * (value - 3) / Math.Sqrt(3.5 + 1e-5)) + 0.5)];
        Assert.Equal(expected, outputs["y0"].data<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
        executor.WriteTo(graph);
        Assert.Equal((10 * kept) + (3 * (1 - kept)), graph.FindInitializer("c3")!.Data.AsSpan<float>()[0], 1e-5);
        Assert.Equal((20 * kept) + (14.0 / 3 * (1 - kept)), graph.FindInitializer("c4")!.Data.AsSpan<float>()[0], 1e-5);
    }

    [Fact]
    public void Evaluation_uses_the_statistics_and_leaves_them()
    {
        var graph = Known(0.9f);
        using var executor = new GraphExecutor(graph, new() { Precision = ElementType.Float64 });
        using var before = executor.Statistics.Values.clone();
        using var x = torch.tensor(new[] { 1.0, 2, 3, 6 }, [2, 1, 1, 2]);

        using var outputs = executor.Evaluate(x);

        double[] expected = [.. new[] { 1.0, 2, 3, 6 }.Select(value => (2 * (value - 10) / Math.Sqrt(20 + 1e-5)) + 0.5)];
        Assert.Equal(expected, outputs["y0"].data<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(before.data<double>(), executor.Statistics.Values.data<double>());
    }

    [Fact]
    public void Statistics_are_no_weights()
    {
        using var executor = new GraphExecutor(Known(0.9f));

        Assert.Equal(["c1", "c2"], executor.Weights.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(["c3", "c4"], executor.Statistics.Parameters.Select(parameter => parameter.Name));
    }

    /// <summary>ONNX divides the variance by the count: 14 / 4, and keeps 0.9 of what was there.</summary>
    [Fact]
    public void A_node_that_says_it_trains_follows_ONNX_in_evaluation_too()
    {
        var graph = Known(0.9f);
        graph.Nodes[0].Attributes.Add("training_mode", new IntValue(1));
        graph.Nodes[0].Outputs.Add("mean");
        graph.Nodes[0].Outputs.Add("variance");
        graph.Outputs.Add(new("mean", ElementType.Float32, null));
        graph.Outputs.Add(new("variance", ElementType.Float32, null));
        using var executor = new GraphExecutor(graph, new() { Precision = ElementType.Float64 });
        using var before = executor.Statistics.Values.clone();
        using var x = torch.tensor(new[] { 1.0, 2, 3, 6 }, [2, 1, 1, 2]);

        using var outputs = executor.Evaluate(x);

        double[] expected = [.. new[] { 1.0, 2, 3, 6 }.Select(value => (2 * (value - 3) / Math.Sqrt(3.5 + 1e-5)) + 0.5)];
        Assert.Equal(expected, outputs["y0"].data<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal((10 * 0.9) + (3 * 0.1), outputs["mean"].item<double>(), 1e-12);
        Assert.Equal((20 * 0.9) + (3.5 * 0.1), outputs["variance"].item<double>(), 1e-12);
        Assert.Equal(before.data<double>(), executor.Statistics.Values.data<double>());
    }

    private static OneNode Node(long[] shape, long channels) => new OneNode("BatchNormalization", shape).Weight(channels).Weight(channels).Positive(channels).Positive(channels);

    private static ModelGraph Known(float? momentum)
    {
        var node = Node([2, 1, 1, 2], 1);
        var graph = (momentum is { } share ? node.Float("momentum", share) : node).Graph;
        foreach (var (name, value) in new[] { ("c1", 2f), ("c2", 0.5f), ("c3", 10f), ("c4", 20f) })
        {
            graph.FindInitializer(name)!.Data.AsSpan<float>()[0] = value;
        }

        return graph;
    }
}
