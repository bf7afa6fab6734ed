using DistillSharp.Graph;
using DistillSharp.Graph.Quantization;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Runtime.Tests.Passes;

namespace DistillSharp.Runtime.Tests.Quantization;

/// <summary>Quantises graphs on seeded noise.</summary>
internal static class Quantized
{
    public static CalibrationSet Noise(ModelGraph graph, int seed = 5, int batches = 3, int size = 4) => new(
        [.. Enumerable.Range(0, batches).Select(i => PassAssert.Feeds(graph, seed + i, size)[graph.Inputs[0].Name]).Select(data => new CalibrationBatch(data.AsSpan<float>().ToArray(), data.Shape))]);

    public static StaticQuantizer Calibrate(ModelGraph graph, StaticQuantizationOptions? options = null) =>
        StaticQuantizer.Calibrate(graph, Noise(graph), (options ?? new()) with { Threads = 1 }, cancellation: TestContext.Current.CancellationToken);

    /// <summary>How far the quantised model's answers are from the float model's: root mean square, relative.</summary>
    public static double Difference(ModelGraph before, ModelGraph after, int seed = 5)
    {
        var feeds = PassAssert.Feeds(before, seed, free: 4);
        double[] a = PassAssert.Numbers(SessionRun.Run(before, feeds).Values.First()), b = PassAssert.Numbers(SessionRun.Run(after, feeds).Values.First());
        double scale = a.Sum(number => number * number);
        Assert.True(scale > 0, "All answers are zero, which proves nothing.");
        return Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum() / scale);
    }

    /// <summary>A small residual network: Conv, Relu, Conv, Add, Relu, pooling, Gemm.</summary>
    public static TestGraph Residual(int channels = 4) => new TestGraph().Input("x", Dimension.Named("batch"), 3, 6, 6)
        .Weight("w1", channels, 3, 3, 3).Weight("b1", channels).Weight("w2", channels, channels, 3, 3).Weight("b2", channels).Weight("w3", 5, channels).Weight("b3", 5)
        .Node("Conv", ["x", "w1", "b1"], ["c1"], Pads).Node("Relu", ["c1"], ["r1"])
        .Node("Conv", ["r1", "w2", "b2"], ["c2"], Pads).Node("Add", ["c2", "r1"], ["a"]).Node("Relu", ["a"], ["r2"])
        .Node("GlobalAveragePool", ["r2"], ["p"]).Node("Flatten", ["p"], ["f"]).Node("Gemm", ["f", "w3", "b3"], ["y"], ("transB", new IntValue(1))).Output("y");

    private static (string, AttributeValue) Pads => ("pads", new IntsValue([1, 1, 1, 1]));
}
