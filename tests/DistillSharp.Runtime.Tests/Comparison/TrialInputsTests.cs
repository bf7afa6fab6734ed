using DistillSharp.Graph;
using DistillSharp.Runtime.Comparison;
using DistillSharp.Runtime.Tests.Passes;
using DistillSharp.Tasks;

namespace DistillSharp.Runtime.Tests.Comparison;

public sealed class TrialInputsTests
{
    [Fact]
    public void Free_sizes_are_the_batch_the_side_and_the_cards()
    {
        var graph = new TestGraph().Input("x", Dimension.Named("n"), 3, Dimension.Named("h"), Dimension.Unknown).Graph;

        Assert.Equal([2L, 3, 40, 40], TrialInputs.Shapes(graph, new() { Batch = 2, ImageSize = 40 })["x"]);
        Assert.Contains("axis 2", Assert.Throws<GraphException>(() => TrialInputs.Shapes(graph, new())).Message, StringComparison.Ordinal);
        foreach (var (key, value) in new ModelCard("classification", ["a", "b"], new(3, 20, 30, [0, 0, 0], [1, 1, 1])).ToMetadata())
        {
            graph.Metadata[key] = value;
        }

        Assert.Equal([1L, 3, 20, 30], TrialInputs.Shapes(graph, new())["x"]);
    }

    [Fact]
    public void What_is_told_must_fit_and_tells_the_same_name_elsewhere()
    {
        var graph = new TestGraph().Input("ids", ElementType.Int64, 1, Dimension.Named("length")).Input("mask", ElementType.Int64, 1, Dimension.Named("length")).Graph;

        var shapes = TrialInputs.Shapes(graph, Told("ids", 1, 7));
        Assert.Equal([1L, 7], shapes["ids"]);
        Assert.Equal([1L, 7], shapes["mask"]);
        Assert.Throws<GraphException>(() => TrialInputs.Shapes(graph, Told("ids", 2, 7)));
        Assert.Throws<GraphException>(() => TrialInputs.Shapes(graph, Told("ids", 1)));
        Assert.Throws<GraphException>(() => TrialInputs.Shapes(graph, Told("other", 1)));
    }

    [Fact]
    public void Too_large_an_input_is_refused_without_being_made()
    {
        var graph = new TestGraph().Input("x", 1, 1_000_000_000, 1_000_000_000, 1_000_000_000).Graph;

        Assert.Contains("at most", Assert.Throws<GraphException>(() => TrialInputs.Create(graph, new())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_are_zeros_masks_ones_and_the_same_seed_gives_the_same_noise()
    {
        var graph = new TestGraph().Input("ids", ElementType.Int64, 4).Input("attention_mask", ElementType.Int64, 4).Input("x", 64).Graph;

        var one = TrialInputs.Create(graph, new() { Seed = 3 });
        var two = TrialInputs.Create(graph, new() { Seed = 3 });
        Assert.Equal([0L, 0, 0, 0], one["ids"].AsSpan<long>().ToArray());
        Assert.Equal([1L, 1, 1, 1], one["attention_mask"].AsSpan<long>().ToArray());
        Assert.Equal(one["x"].Bytes.ToArray(), two["x"].Bytes.ToArray());
        Assert.NotEqual(one["x"].Bytes.ToArray(), TrialInputs.Create(graph, new() { Seed = 4 })["x"].Bytes.ToArray());
        Assert.Equal(64, one["x"].AsSpan<float>().ToArray().Distinct().Count());
    }

    private static TrialOptions Told(string name, params long[] shape) => new() { Shapes = new Dictionary<string, IReadOnlyList<long>> { [name] = shape } };
}
