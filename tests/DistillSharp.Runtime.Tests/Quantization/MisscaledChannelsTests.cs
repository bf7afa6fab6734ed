using DistillSharp.Graph;
using DistillSharp.Graph.Quantization;
using DistillSharp.Runtime.Tests.Passes;

namespace DistillSharp.Runtime.Tests.Quantization;

/// <summary>Networks whose channels were made to differ by factors from 1/100 to 100, which changes no answer (arXiv:1906.04721, section 3.1).</summary>
public sealed class MisscaledChannelsTests
{
    private const int Channels = 16;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void One_scale_a_weight_falls_apart_and_equalised_it_recovers(int seed)
    {
        var graph = Misscaled(seed);
        PassAssert.Keeps(graph, new EqualizePass(), 1e-5);

        double apart = Decibels(graph, equalize: false), recovered = Decibels(graph, equalize: true), even = Decibels(Even(seed), equalize: false);

        Assert.True(apart < 10, $"{apart:0.0} dB: it must fall apart, or nothing is recovered.");
        Assert.True(recovered > 25, $"{recovered:0.0} dB after equalising.");
        Assert.True(recovered > even - 3, $"{recovered:0.0} dB after equalising, {even:0.0} dB where nothing was misscaled.");
    }

    private static double Decibels(ModelGraph graph, bool equalize)
    {
        var quantizer = Quantized.Calibrate(graph, new() { Equalize = equalize, Quantization = new() { PerChannel = false } });
        return -20 * Math.Log10(Quantized.Difference(graph, quantizer.Quantize(cancellation: TestContext.Current.CancellationToken)));
    }

    private static ModelGraph Misscaled(int seed)
    {
        var graph = Even(seed);
        double[] factors = [.. Enumerable.Range(0, Channels).Select(i => Math.Pow(10, -2 + (4.0 * (i * 7 % Channels) / (Channels - 1))))];
        Scale(graph, "w1", index => factors[index / 27]);
        Scale(graph, "b1", index => factors[index]);

        // The depthwise layer undoes the first's factors and brings in their reverse; the last undoes those.
        Scale(graph, "w2", index => factors[^(1 + (index / 9))] / factors[index / 9]);
        Scale(graph, "b2", index => factors[^(1 + index)]);
        Scale(graph, "w3", index => 1 / factors[^(1 + (index % Channels))]);
        PassAssert.Same(SessionRun.Run(Even(seed), PassAssert.Feeds(graph, 3)), SessionRun.Run(graph, PassAssert.Feeds(graph, 3)), 1e-4);
        return graph;
    }

    private static void Scale(ModelGraph graph, string name, Func<int, double> factor)
    {
        var numbers = graph.FindInitializer(name)!.Data.AsSpan<float>();
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (float)(numbers[i] * factor(i));
        }
    }

    private static ModelGraph Even(int seed)
    {
        (string, AttributeValue) pads = ("pads", new IntsValue([1, 1, 1, 1]));
        return new TestGraph(seed: seed).Input("x", Dimension.Named("batch"), 3, 6, 6).Weight("w1", Channels, 3, 3, 3).Weight("b1", Channels).Weight("w2", Channels, 1, 3, 3).Weight("b2", Channels).Weight("w3", 5, Channels, 1, 1)
            .Node("Conv", ["x", "w1", "b1"], ["c1"], pads).Node("Relu", ["c1"], ["r1"]).Node("Conv", ["r1", "w2", "b2"], ["c2"], pads, ("group", new IntValue(Channels))).Node("Relu", ["c2"], ["r2"])
            .Node("Conv", ["r2", "w3"], ["y"]).Output("y").Graph;
    }
}
