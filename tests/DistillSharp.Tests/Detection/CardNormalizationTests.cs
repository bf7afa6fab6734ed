using DistillSharp.Detection;
using DistillSharp.Detection.Distillation;
using DistillSharp.Detection.Export;
using DistillSharp.Detection.Losses;
using DistillSharp.Detection.Training;
using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Plugins;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Handwritten;
using DistillSharp.Tests.Detection.Export;
using DistillSharp.Tests.Detection.Training;

namespace DistillSharp.Tests.Detection;

/// <summary>The mean and deviation on a detector's card are heeded wherever it is shown pictures.</summary>
public sealed class CardNormalizationTests
{
    private static readonly float[] s_mean = [0.5f, 0.25f, 0.75f], s_deviation = [0.05f, 0.1f, 0.2f];
    private static readonly ImageInput s_input = new(3, 64, 64, s_mean, s_deviation);

    [Fact]
    public void Calibration_sees_the_range_that_the_model_will_see()
    {
        var graph = new Sketch().Input("x", 1, 3, 64, 64).Weight("w", 7, 3, 32, 32).Node("Conv", "x,w", "c", ("strides", new IntsValue([32, 32]))).Longs("flat", 0, 7, -1).Node("Reshape", "c,flat", "output0").Output("output0", 1, 7, 4).Graph;
        foreach (var (key, value) in new ModelCard("detect", ["a", "b", "c"], s_input) { Stride = 32 }.ToMetadata())
        {
            graph.Metadata[key] = value;
        }

        var pictures = new OnePicture();
        var (quantizer, _) = DetectorQuantizer.Calibrate(graph, pictures, (64, 64), 1, seed: 0, new() { Threads = 1 }, cancellation: TestContext.Current.CancellationToken);
        var quantized = quantizer.Quantize(cancellation: TestContext.Current.CancellationToken);

        // White in the first channel is (1 - 0.5) / 0.05 = 10, black in the third (0 - 0.75) / 0.2 = -3.75: 13.75 in 255 steps.
        var input = quantized.Nodes.First(node => node.Operation == "QuantizeLinear" && node.Inputs[0] == "x");
        Assert.Equal(13.75f / 255, quantized.FindInitializer(input.Inputs[1])!.Data.AsSpan<float>()[0], 1e-3f);
    }

    [Fact]
    public void Training_shows_what_the_card_asks_for()
    {
        using var folder = new TemporaryFolder();
        var set = DistillSharp.Detection.Data.DetectionData.Open(RectangleSet.Write(folder));
        var batch = new DetectionLoader(set.Train, new() { ImageSize = 64, BatchSize = 2, Workers = 0, CacheBytes = 0 }).Epoch(0).First();
        var sketch = new Sketch().Input("x", Dimension.Named("n"), 3, 64, 64).Weight("w", 3, 3, 1, 1).Node("Conv", "x,w", "y").Output("y", Dimension.Named("n"), 3, 64, 64);
        using var executor = new GraphExecutor(sketch.Graph);
        var objective = new DetectionObjective(new DetectionLoss(new() { Classes = 2 }));

        using var plain = new DetectionTrainingBatch(batch, objective, new(3, 64, 64, [0, 0, 0], [1, 1, 1]), null).Input(executor, 0);
        using var normalised = new DetectionTrainingBatch(batch, objective, s_input, null).Input(executor, 0);

        float[] pixels = plain.data<float>().ToArray(), numbers = normalised.data<float>().ToArray();
        Assert.All(Enumerable.Range(0, pixels.Length), i => Assert.Equal((pixels[i] - s_mean[i / 4096 % 3]) / s_deviation[i / 4096 % 3], numbers[i], 1e-4f));
    }

    [Fact]
    [Trait("Category", "Golden")]
    public void An_export_is_compared_on_normalised_pictures_and_says_that_other_tools_do_not_normalise()
    {
        var detector = GoldenDetector.Open();
        var result = DetectorExport.Run(detector with { Card = detector.Card with { Input = detector.Card.Input with { Mean = s_mean, Deviation = s_deviation } } }, new() { Size = (64, 64) }, cancellation: TestContext.Current.CancellationToken);

        Assert.Contains(result.Notes, note => note.Contains("mean 0.5/0.25/0.75", StringComparison.Ordinal) && note.Contains("--embed-preprocessing", StringComparison.Ordinal));
        Assert.Equal(s_mean, result.Card.Input.Mean);

        // Boxes of numbers twenty times as large are further apart.
        Assert.NotEqual(DetectorExport.Run(detector, new() { Size = (64, 64) }, cancellation: TestContext.Current.CancellationToken).Comparisons[0], result.Comparisons[0]);
    }

    [Fact]
    public void A_detector_that_is_trained_on_keeps_its_cards_normalisation()
    {
        using var folder = new TemporaryFolder();
        var fresh = TrainableDetector.Open("yolo11n", ["red", "blue"], 1, PluginCatalogs.BuiltIn);
        foreach (var (key, value) in new ModelCard("detect", ["red", "blue"], s_input) { Stride = 32 }.ToMetadata())
        {
            fresh.Graph.Metadata[key] = value;
        }

        OnnxFile.Save(fresh.Graph, folder["m.onnx"]);

        var input = TrainableDetector.Open(folder["m.onnx"], ["red", "blue"], 1, PluginCatalogs.BuiltIn).InputOf(96);

        Assert.Equal((96, 96), (input.Height, input.Width));
        Assert.Equal(s_mean, input.Mean);
        Assert.Equal(s_deviation, input.Deviation);
        Assert.Equal([0f, 0, 0], fresh.InputOf(96).Mean);
    }

    /// <summary>White in the first channel, black in the others.</summary>
    private sealed class OnePicture : IDetectionSource
    {
        public int Count => 1;

        public string Describe(int index) => "red";

        public (int Width, int Height) SizeOf(int index) => (64, 64);

        public IReadOnlyList<BoxLabel> LabelsOf(int index) => [];

        public Tasks.Images.PixelImage Read(int index) => new(3, 64, 64, [.. Enumerable.Repeat((byte)255, 4096), .. new byte[8192]]);
    }
}
