using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Runtime.Tests.Passes;

namespace DistillSharp.Runtime.Tests.Quantization;

public sealed class BiasCorrectionTests
{
    [Fact]
    public void The_mean_error_of_the_outputs_gets_smaller()
    {
        double before = MeanError(correct: false), after = MeanError(correct: true);

        Assert.True(after < 0.5 * before, $"{before} before, {after} after.");
    }

    [Fact]
    public void The_mean_of_every_layer_moves_nearer_to_that_of_the_float_model()
    {
        var graph = Quantized.Residual(8).Graph;
        var plain = Shifts(graph, correct: false);
        var corrected = Shifts(graph, correct: true);

        // Measured on the samples it was corrected with, what is left is the rounding that correcting itself moved.
        Assert.Equal(3, plain.Length);
        Assert.All(plain.Zip(corrected), pair => Assert.True(pair.Second < 0.2 * pair.First, $"{pair.First} before, {pair.Second} after."));
    }

    [Fact]
    public void A_layer_without_a_bias_gets_one()
    {
        (string, AttributeValue) pads = ("pads", new IntsValue([1, 1, 1, 1]));
        var graph = new TestGraph().Input("x", Dimension.Named("batch"), 3, 6, 6).Weight("w1", 4, 3, 3, 3).Weight("w2", 4, 4, 3, 3)
            .Node("Conv", ["x", "w1"], ["c"], pads).Node("Relu", ["c"], ["r"]).Node("Conv", ["r", "w2"], ["y"], pads).Output("y").Graph;
        var int8 = Quantized.Calibrate(graph, new() { CorrectBias = true }).Quantize(cancellation: TestContext.Current.CancellationToken);

        Assert.All(int8.Nodes.Where(node => node.Operation == "Conv"), node => Assert.NotNull(node.InputOrNull(2)));
        Assert.Equal(2, int8.Initializers.Count(initializer => initializer.Data.Type == ElementType.Int32));
    }

    /// <summary>For each layer the sum over its channels of how far the mean of its outputs is from the float model's.</summary>
    private static double[] Shifts(ModelGraph graph, bool correct)
    {
        var quantizer = Quantized.Calibrate(graph, new() { CorrectBias = correct, Quantization = new() { PerChannel = false, ReducedRange = true } });
        var training = quantizer.TrainingForm(cancellation: TestContext.Current.CancellationToken);
        double[][] Means(ModelGraph model)
        {
            string[] names = [.. model.Nodes.Where(node => node.Operation is "Conv" or "Gemm").Select(node => node.Outputs[0])];
            var tapped = new TapPass(names).Apply(model).Graph;
            var runs = Quantized.Noise(graph).Batches().Select(batch => SessionRun.Run(tapped, new Dictionary<string, TensorData> { ["x"] = TensorData.Create<float>(batch.Pixels.Span, [.. batch.Shape]) })).ToList();
            return [.. names.Select(name => runs.Select(run => ChannelMeans(run[name])).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]).Select(sum => sum / runs.Count).ToArray())];
        }

        return [.. Means(quantizer.Prepared).Zip(Means(training), (a, b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Sum())];
    }

    private static double[] ChannelMeans(TensorData data)
    {
        double[] numbers = PassAssert.Numbers(data);
        int channels = (int)data.Shape[1], area = numbers.Length / channels / (int)data.Shape[0];
        return [.. Enumerable.Range(0, channels).Select(channel => numbers.Where((_, i) => i / area % channels == channel).Average())];
    }

    private static double MeanError(bool correct)
    {
        // One scale for a weight and 7 bits leave errors large enough to see.
        var graph = Quantized.Residual(8).Graph;
        var quantizer = Quantized.Calibrate(graph, new() { CorrectBias = correct, Quantization = new() { PerChannel = false, ReducedRange = true } });
        var int8 = quantizer.Quantize(cancellation: TestContext.Current.CancellationToken);
        double[] errors = new double[5];
        for (int seed = 5; seed < 8; seed++)
        {
            var feeds = PassAssert.Feeds(graph, seed, 4);
            double[] a = PassAssert.Numbers(SessionRun.Run(quantizer.Prepared, feeds)["y"]), b = PassAssert.Numbers(SessionRun.Run(int8, feeds)["y"]);
            for (int i = 0; i < a.Length; i++)
            {
                errors[i % 5] += b[i] - a[i];
            }
        }

        return errors.Sum(Math.Abs);
    }
}
