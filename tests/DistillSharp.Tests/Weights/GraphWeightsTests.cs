using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Zoo;
using DistillSharp.Weights;

namespace DistillSharp.Tests.Weights;

public sealed class GraphWeightsTests
{
    [Fact]
    public void A_state_dict_of_the_same_model_goes_in_whole()
    {
        var source = Net(seed: 1);
        var target = Net(seed: 2);
        var state = With(GraphWeights.Of(source), ("bn1.num_batches_tracked", TensorData.Create<long>([7L])));

        var report = GraphWeights.Load(target, state);

        Assert.Equal(GraphWeights.Of(source).Keys, report.Loaded);
        Assert.Equal(["bn1.num_batches_tracked"], report.Ignored);
        Assert.Empty(report.Redrawn);
        Assert.All(GraphWeights.Of(source), pair => Assert.True(pair.Value.Bytes.SequenceEqual(target.FindInitializer(pair.Key)!.Data.Bytes), pair.Key));
        Assert.Contains("bn1.running_var", report.Loaded);

        // The model owns what it got.
        target.FindInitializer("fc.bias")!.Data.AsSpan<float>()[0] = 99;
        Assert.NotEqual(99, state["fc.bias"].AsSpan<float>()[0]);
    }

    [Fact]
    public void Everything_that_does_not_fit_is_told_at_once_and_nothing_is_loaded()
    {
        var graph = Net(seed: 2);
        float before = graph.FindInitializer("conv1.weight")!.Data.AsSpan<float>()[0];
        var state = With(GraphWeights.Of(Net(seed: 1)),
            ("fc.bias", TensorData.Create<float>([1f, 2], 2)), ("extra.weight", TensorData.Create<float>([1f], 1)), ("bn1.bias", TensorData.Create<long>([.. new long[16]], 16)));
        state.Remove("bn1.weight");
        state.Remove("bn1.running_mean");

        string message = Assert.Throws<GraphException>(() => GraphWeights.Load(graph, state)).Message;

        Assert.Contains("2 missing: bn1.weight, bn1.running_mean", message, StringComparison.Ordinal);
        Assert.Contains("1 unexpected: extra.weight", message, StringComparison.Ordinal);
        Assert.Contains("1 of another shape: fc.bias ([2], the model's is [10])", message, StringComparison.Ordinal);
        Assert.Contains("1 no floats: bn1.bias (Int64)", message, StringComparison.Ordinal);
        Assert.Equal(before, graph.FindInitializer("conv1.weight")!.Data.AsSpan<float>()[0]);
    }

    [Fact]
    public void A_long_list_is_cut_after_ten_names()
    {
        string message = Assert.Throws<GraphException>(() => GraphWeights.Load(Net(seed: 1), new Dictionary<string, TensorData>())).Message;

        Assert.Matches(@"\d+ missing: (\S+, ){9}\S+ and \d+ more", message);
    }

    [Fact]
    public void Other_classes_must_be_asked_for_and_only_their_head_may_differ()
    {
        var state = GraphWeights.Of(Net(seed: 1));
        Assert.Contains("2 of another shape", Assert.Throws<GraphException>(() => GraphWeights.Load(Net(seed: 2, classes: 4), state)).Message, StringComparison.Ordinal);

        // "f" is no module of the model, though its name begins so.
        Assert.Throws<GraphException>(() => GraphWeights.Load(Net(seed: 2, classes: 4), state, new() { Redrawn = ["f"] }));
        Assert.Throws<GraphException>(() => GraphWeights.Load(Net(seed: 2, classes: 4), With(state, ("conv1.weight", TensorData.Create<float>([1f], 1))), new() { Redrawn = ["fc"] }));

        var graph = Net(seed: 2, classes: 4);
        var report = GraphWeights.Load(graph, state, new() { Redrawn = ["fc"], Seed = 5 });

        Assert.Equal(["fc.weight", "fc.bias"], report.Redrawn);
        var drawn = Net(seed: 5, classes: 4);
        Assert.True(drawn.FindInitializer("fc.weight")!.Data.Bytes.SequenceEqual(graph.FindInitializer("fc.weight")!.Data.Bytes));
        Assert.True(state["conv1.weight"].Bytes.SequenceEqual(graph.FindInitializer("conv1.weight")!.Data.Bytes));
    }

    [Fact]
    public void A_missing_head_is_refused_even_where_it_may_be_drawn()
    {
        var state = With(GraphWeights.Of(Net(seed: 1)));
        state.Remove("fc.weight");

        Assert.Contains("1 missing: fc.weight", Assert.Throws<GraphException>(() => GraphWeights.Load(Net(seed: 2), state, new() { Redrawn = ["fc"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Halves_and_doubles_go_into_a_model_of_float32()
    {
        var graph = Net(seed: 2);
        GraphWeights.Load(graph, With(GraphWeights.Of(graph),
            ("fc.bias", TensorData.Create<Half>([.. Enumerable.Range(0, 10).Select(value => (Half)(value / 2f))], 10)), ("bn1.bias", TensorData.Create<double>([.. Enumerable.Range(0, 16).Select(value => value / 4.0)], 16))));

        Assert.Equal([.. Enumerable.Range(0, 10).Select(value => value / 2f)], graph.FindInitializer("fc.bias")!.Data.AsSpan<float>().ToArray());
        Assert.Equal([.. Enumerable.Range(0, 16).Select(value => value / 4f)], graph.FindInitializer("bn1.bias")!.Data.AsSpan<float>().ToArray());
    }

    [Theory]
    [InlineData(15f, null)]
    [InlineData(14f, "its element 15 is 14")]
    public void The_decoder_of_boxes_must_count(float last, string? message)
    {
        var graph = Net(seed: 2);
        var state = With(GraphWeights.Of(graph), ("model.23.dfl.conv.weight", TensorData.Create<float>([.. Enumerable.Range(0, 15).Select(value => (float)value), last], 1, 16, 1, 1)));

        if (message is null)
        {
            Assert.Equal(["model.23.dfl.conv.weight"], GraphWeights.Load(graph, state).Ignored);
        }
        else
        {
            Assert.Contains(message, Assert.Throws<GraphException>(() => GraphWeights.Load(graph, state)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Running_statistics_of_a_foreign_file_are_known_by_their_names()
    {
        var graph = Net(seed: 2);
        foreach (var statistic in graph.Initializers.Where(weight => !weight.Trainable))
        {
            statistic.Initialization = null;
        }

        var state = GraphWeights.Of(Net(seed: 1)).ToDictionary(pair => pair.Key, pair => pair.Value);
        state["bn1.running_mean"] = TensorData.Create<float>([.. Enumerable.Range(0, 16).Select(value => (float)value)], 16);

        Assert.Contains("bn1.running_mean", GraphWeights.Load(graph, state).Loaded);
        Assert.Equal(15, graph.FindInitializer("bn1.running_mean")!.Data.AsSpan<float>()[15]);
    }

    [Fact]
    public void Modules_without_a_name_are_refused() => Assert.Throws<ArgumentException>(() => new GraphWeightsOptions { Redrawn = [""] });

    private static ModelGraph Net(long seed, int classes = 10)
    {
        var graph = ResNet.ResNet8(new() { Classes = classes });
        WeightInitializer.Draw(graph, seed);
        return graph;
    }

    private static Dictionary<string, TensorData> With(IReadOnlyDictionary<string, TensorData> state, params (string Name, TensorData Data)[] changes)
    {
        var copy = state.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        foreach (var (name, data) in changes)
        {
            copy[name] = data;
        }

        return copy;
    }
}
