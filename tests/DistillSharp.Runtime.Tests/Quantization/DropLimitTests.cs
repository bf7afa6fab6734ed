using DistillSharp.Graph;
using DistillSharp.Runtime.Calibration;

namespace DistillSharp.Runtime.Tests.Quantization;

public sealed class DropLimitTests
{
    private static readonly LayerSensitivity[] s_ranked = [new("make_c1", "Conv", 3), new("make_c2", "Conv", 2), new("make_y", "Gemm", 1)];

    [Fact]
    public void Nothing_stays_in_float_where_the_score_holds_anyway()
    {
        var result = Apply(0.5, _ => 0.4);

        Assert.Empty(result.Kept);
        Assert.Equal((90, 89.6), (result.Before, result.After), new Near());
        Assert.Equal(2, result.Graph.Nodes.Count(IsQuantizedConv));
    }

    [Fact]
    public void The_worst_layer_stays_in_float_if_that_suffices()
    {
        var result = Apply(0.5, kept => kept.Contains("c1") ? 0.5 : 3);

        Assert.Equal(["make_c1"], result.Kept);
        Assert.Equal(1, result.Graph.Nodes.Count(IsQuantizedConv));
    }

    [Fact]
    public void A_layer_that_was_not_the_cause_is_quantised_again() =>
        Assert.Equal(["make_c2"], Apply(0.5, kept => kept.Contains("c2") ? 0.1 : 3).Kept);

    [Fact]
    public void A_score_that_never_holds_is_said_with_the_numbers()
    {
        string message = Assert.Throws<GraphException>(() => Apply(0.5, _ => 3)).Message;

        Assert.Contains("3.00", message, StringComparison.Ordinal);
        Assert.Contains("2 of 3 layers", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DropLimit(-1, _ => 0));
    }

    [Fact]
    public void Layers_are_ranked_by_the_damage_they_do()
    {
        var graph = Quantized.Residual().Graph;

        // A channel that is always cut off by Relu, and a huge weight on it: it changes no output, but leaves the other weights hardly a step.
        graph.FindInitializer("w1")!.Data.AsSpan<float>()[81..].Clear();
        graph.FindInitializer("b1")!.Data.AsSpan<float>()[3] = -1;
        graph.FindInitializer("w2")!.Data.AsSpan<float>()[27] = 100;

        var quantizer = Quantized.Calibrate(graph, new() { Quantization = new() { PerChannel = false } });
        var ranked = SensitivityAnalysis.Rank(quantizer, Quantized.Noise(graph), 1, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(["make_c1", "make_c2", "make_y"], ranked.Select(layer => layer.Name).Order(StringComparer.Ordinal));

        // What the huge weight makes of c1's own error depends on the kernels: only where products are summed in 32 bits is it surely the smaller.
        Assert.True(ranked[0].Name == "make_c2" || Graph.Quantization.ProcessorTarget.Detect() != Graph.Quantization.QuantizationTarget.Vnni, $"{ranked[0].Name} is ranked first");
        Assert.All(ranked, layer => Assert.True(layer.Damage > 0));
        Assert.Equal(ranked.Select(layer => layer.Damage).OrderDescending(), ranked.Select(layer => layer.Damage));
    }

    /// <summary>The float graph scores 90, a quantised one less by what the layers in float say.</summary>
    private static DropResult Apply(double limit, Func<IReadOnlyCollection<string>, double> drop) => new DropLimit(limit, graph =>
    {
        var kept = new[] { "c1", "c2", "y" }.Zip(["w1", "w2", "w3"]).Where(pair => graph.FindInitializer(pair.Second) is not null).Select(pair => pair.First).ToList();
        return kept.Count == 3 ? 90 : 90 - drop(kept);
    }).Apply(Quantized.Calibrate(Quantized.Residual().Graph), s_ranked, cancellation: TestContext.Current.CancellationToken);

    private static bool IsQuantizedConv(GraphNode node) => node.Operation == "Conv" && !node.Inputs[1].StartsWith('w');

    private sealed class Near : IEqualityComparer<(double, double)>
    {
        public bool Equals((double, double) x, (double, double) y) => Math.Abs(x.Item1 - y.Item1) < 1e-9 && Math.Abs(x.Item2 - y.Item2) < 1e-9;

        public int GetHashCode((double, double) obj) => 0;
    }
}
