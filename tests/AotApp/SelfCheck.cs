using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Detection;
using DistillSharp.Runtime.Native;
using DistillSharp.Runtime.Profiling;
using DistillSharp.Tasks.Classification;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Drawing;
using DistillSharp.Tasks.Images;
using DistillSharp.Tasks.Native;

namespace AotApp;

/// <summary>Takes a model through what a device does with it, and says what is wrong.</summary>
internal static class SelfCheck
{
    private static int s_wrong;

    public static int Run()
    {
        string folder = Directory.CreateTempSubdirectory("distillsharp-aot-").FullName;
        try
        {
            MadeFiles.Write(folder);
            string model = Path.Combine(folder, "resnet20.onnx"), picture = Path.Combine(folder, "picture.jpg");
            Graph(model);
            Predictor(model, picture);
            Profiling(model);
            Detector(Path.Combine(folder, "colours.onnx"), Path.Combine(folder, "colours.png"));
            Natives();
            Errors(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Console.WriteLine(s_wrong == 0 ? "AotApp: all is well" : $"AotApp: {s_wrong} checks failed");
        return s_wrong == 0 ? 0 : 1;
    }

    private static void Graph(string model)
    {
        var graph = ModelImport.Load(model).Graph;
        Check("resnet20 has the parameters of the published network", ModelStatistics.Of(graph).Parameters == 272_474);
        Check("a graph written and read again has its nodes", OnnxFile.Load(OnnxFile.Serialize(graph)).Nodes.Count == graph.Nodes.Count);
    }

    private static void Predictor(string model, string picture)
    {
        using var predictor = new ClassificationPredictor(model, new() { Threads = 1 });
        using var session = ModelSession.Open(model, new() { Threads = 1 });
        var image = ImageFile.Load(picture);
        Check("the JPEG has its size", (image.Channels, image.Height, image.Width) == (3, 320, 320));
        var input = predictor.Card.Input;
        float[] numbers = new float[input.Channels * input.Height * input.Width];
        new PixelNormalizer(input).Write(ImageResizer.Fit(image, input.Channels, input.Height, input.Width), numbers);
        float[] logits = session.Run(numbers, [1, input.Channels, input.Height, input.Width]).Values;
        double[] expected = new double[logits.Length], found = new double[predictor.ClassCount];
        SoftLabels.Softmax(logits, 1, expected);
        int best = predictor.Predict(image, found);
        Check("predictor and session agree", best == ClassificationScore.Predict(logits) && expected.Zip(found).All(pair => Math.Abs(pair.First - pair.Second) < 1e-6));
        Check("the card names the class", predictor.Predict(image)[0].Name == MadeFiles.Card.ClassNames[best]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            predictor.Predict(image, found);
        }

        Check("a prediction allocates nothing", GC.GetAllocatedBytesForCurrentThread() == before);
    }

    private static void Profiling(string model)
    {
        var report = ModelBenchmark.Run([model], new() { Threads = 1, WarmUps = 1, Runs = 2, Rounds = 2 });
        Check("a report is JSON without reflection", report.ToJson().Contains("\"Batch\": 1", StringComparison.Ordinal));
        using var lines = new StringWriter();
        ProbeProcess.Work(["times", "1", "1", "2", model], lines);
        Check("a profile is JSON without reflection", lines.ToString().Contains("LatencyP50", StringComparison.Ordinal));
    }

    private static void Detector(string model, string picture)
    {
        using var predictor = new DetectionPredictor(model, new() { Threads = 1 });
        var image = ImageFile.Load(picture);
        List<DetectedBox> found = [];
        predictor.Predict(image, found);
        Check("the detector finds both colours in their places", found.SequenceEqual([new(new(0, 0, 32, 32), 1, 0), new(new(96, 32, 128, 64), 1, 2)]));
        Check("Ultralytics' metadata names the classes", found.Count > 0 && predictor.NameOf(found[0].ClassIndex) == "red" && predictor.Card?.Stride == 32);
        Check("a box is drawn", ClassPalette.Of(0) == Colour(BoxPainter.Draw(image, found, predictor.NameOf), 16, 32));
        predictor.Predict(image, found);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            predictor.Predict(image, found);
        }

        Check("a detection allocates nothing", GC.GetAllocatedBytesForCurrentThread() == before);
        using var session = ModelSession.Open(model, new() { Threads = 1 });
        var letterbox = Letterbox.Fit(128, 64, 128, 64);
        var batch = new DetectionBatch { Count = 1, Pixels = image.Pixels, Size = (64, 128), Targets = ReadOnlyMemory<float>.Empty, Indices = new[] { 0 }, Letterboxes = [letterbox] };
        Check("the evaluator scores it", DetectionEvaluator.Evaluate(session, new OneScene(image), 3, [batch]).Score.Map50 > 0.99);
    }

    private static (byte, byte, byte) Colour(PixelImage image, int y, int x)
    {
        int plane = image.Height * image.Width, at = (y * image.Width) + x;
        return (image.Pixels[at], image.Pixels[plane + at], image.Pixels[(2 * plane) + at]);
    }

    private static void Natives()
    {
        Check("ONNX Runtime's telemetry is off", SessionTelemetry.IsEnabled || NativeEnvironment.Get(SessionTelemetry.Variable) == "1");
        Check("a missing library's package is known", NativeOnnxRuntime.Backend.Package is { Id: "Microsoft.ML.OnnxRuntime" } && NativeSkia.Backend.Package?.Version is { Length: > 0 });
        Check("the message names its command", NativeBackend.Message([new("nothing", "tests", () => NativeSkia.Backend.Package, () => NativeFile.WhyNot("libnothing"))]).Contains($"nothing (tests) is missing. Run this command in the program's project folder:\n  dotnet add package SkiaSharp.NativeAssets.", StringComparison.Ordinal));
    }

    private static void Errors(string folder)
    {
        try
        {
            File.WriteAllText(Path.Combine(folder, "text.onnx"), "no model");
            using var session = ModelSession.Open(Path.Combine(folder, "text.onnx"));
            Check("a damaged model is refused", false);
        }
        catch (GraphException error)
        {
            Check("a damaged model is refused by name", error.Message.Contains("text.onnx", StringComparison.Ordinal));
        }
    }

    private static void Check(string what, bool right)
    {
        s_wrong += right ? 0 : 1;
        Console.WriteLine($"{(right ? "right" : "WRONG")}  {what}");
    }
}
