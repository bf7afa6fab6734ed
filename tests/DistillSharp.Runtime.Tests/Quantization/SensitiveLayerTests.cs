using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Runtime.Tests.Passes;

namespace DistillSharp.Runtime.Tests.Quantization;

/// <summary>A network one of whose layers breaks in INT8: what --max-drop is for.</summary>
public sealed class SensitiveLayerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_layer_that_breaks_stays_in_float_and_the_score_holds()
    {
        var graph = Fragile();
        var quantizer = Quantized.Calibrate(graph, new() { Quantization = new() { PerChannel = false } });
        var heldOut = Quantized.Noise(graph, seed: 90, batches: 40);
        int[] truth = Answers(quantizer.Prepared, heldOut);
        double Score(ModelGraph model) => Answers(model, heldOut).Zip(truth).Average(pair => pair.First == pair.Second ? 100.0 : 0);
        var ranked = SensitivityAnalysis.Rank(quantizer, Quantized.Noise(graph, seed: 80), 1, cancellation: Cancellation);

        var result = new DropLimit(5, Score).Apply(quantizer, ranked, cancellation: Cancellation);

        double whole = Score(quantizer.Quantize(cancellation: Cancellation));
        Assert.True(whole < 90, $"In INT8 throughout it must break, not score {whole}.");
        Assert.Equal(["make_c2"], result.Kept);
        Assert.Equal((100, Score(result.Graph)), (result.Before, result.After));
        Assert.True(result.After >= 95);
    }

    [Fact]
    public void Many_layers_take_few_trials()
    {
        // Fourteen products in a row; the score holds once the eleventh is in float.
        var test = new TestGraph().Input("x", Dimension.Named("batch"), 6);
        for (int i = 0; i < 14; i++)
        {
            test.Weight($"w{i}", 6, 6).Node("MatMul", [i == 0 ? "x" : $"v{i - 1}", $"w{i}"], [$"v{i}"]);
        }

        var graph = test.Output("v13").Graph;
        int trials = 0;
        double Score(ModelGraph model) => trials++ == 0 || model.FindInitializer("w10") is not null ? 90 : 80;
        LayerSensitivity[] ranked = [.. Enumerable.Range(0, 14).Select(i => new LayerSensitivity($"make_v{i}", "MatMul", 14 - i))];

        var result = new DropLimit(1, Score).Apply(Quantized.Calibrate(graph), ranked, cancellation: Cancellation);

        Assert.Equal(["make_v10"], result.Kept);

        // Float; 0, 1, 2, 4, 8, 13 layers; 10, 11 by halving; each of the ten others tried without.
        Assert.Equal(1 + 6 + 2 + 10, trials);
    }

    /// <summary>A channel that Relu always cuts off, and a huge weight that reads it: no answer changes, and one scale leaves the other weights hardly a step.</summary>
    private static ModelGraph Fragile()
    {
        var graph = Quantized.Residual().Graph;
        graph.FindInitializer("w1")!.Data.AsSpan<float>()[81..].Clear();
        graph.FindInitializer("b1")!.Data.AsSpan<float>()[3] = -1;
        graph.FindInitializer("w2")!.Data.AsSpan<float>()[27] = 500;
        graph.FindInitializer("b3")!.Data.AsSpan<float>().Clear();
        return graph;
    }

    private static int[] Answers(ModelGraph graph, CalibrationSet set) => [.. set.Batches(Cancellation).SelectMany(batch => Logits(graph, batch)).Select(logits => Array.IndexOf(logits, logits.Max()))];

    private static IEnumerable<float[]> Logits(ModelGraph graph, CalibrationBatch batch)
    {
        using var session = ModelSession.Open(OnnxFile.Serialize(graph), new() { Threads = 1 });
        return session.Run(batch.Pixels, [.. batch.Shape]).Values.Chunk(5);
    }
}
