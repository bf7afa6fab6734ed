using System.Globalization;
using DistillSharp.Graph.Format;
using DistillSharp.Reports;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Runtime.Profiling;
using DistillSharp.Tasks.Classification;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Cli.Views;

/// <summary>Prints what quantising did: layers by damage, and the model before and after.</summary>
internal static class QuantizationView
{
    public static void Sensitivity(IReadOnlyList<LayerSensitivity> layers)
    {
        Console.Out.WriteLine("\nlayer                                    operator   damage, relative mean squared change of the outputs");
        foreach (var layer in layers)
        {
            Console.Out.WriteLine($"{layer.Name,-40} {layer.Operation,-10} {layer.Damage.ToString("0.000e+00", CultureInfo.InvariantCulture)}");
        }

        Console.Out.WriteLine();
    }

    public static void Notes(IEnumerable<string> notes)
    {
        foreach (string note in notes)
        {
            Console.Out.WriteLine(note);
        }
    }

    public static void File(string target, long before)
    {
        long after = new FileInfo(target).Length;
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target}: {ReportTable.Size(after)}, {100.0 * after / before:0.0} % of the float file"));
    }

    /// <summary>Scores both models on the test set, once, times them by turns on one thread, and prints the table.</summary>
    public static void Compare(StaticQuantizer quantizer, int keptFloat, string target, ImageDataset set, BatchLoaderOptions loading, ModelSessionOptions options, CancellationToken cancellation)
    {
        byte[] before = OnnxFile.Serialize(quantizer.Prepared);
        byte[] after = System.IO.File.ReadAllBytes(target);
        var (one, two) = (Evaluate(before, set, loading, options, cancellation), Evaluate(after, set, loading, options, cancellation));
        using var first = ModelSession.Open(before, new() { Threads = 1 });
        using var second = ModelSession.Open(after, new() { Threads = 1 });
        var speed = LatencyComparison.Measure(first, second, cancellation);
        var difference = PairedDifference.Of(one.Labels, one.Predictions, two.Predictions);
        int layers = quantizer.Plan.Weighted.Count + quantizer.Plan.FloatLayers;

        Console.Out.WriteLine($"\n{set.Name}, {Text(one.Score.Count, "#,0")} test samples; times at batch 1 on one thread");
        Row("", "float", "INT8", "");
        Row("layers in INT8", "0", $"{quantizer.Plan.Weighted.Count - keptFloat} of {layers}", "");
        Row("file", ReportTable.Size(before.LongLength), ReportTable.Size(after.LongLength), Text(100.0 * after.Length / before.Length, "0.0") + " %");
        Row("top-1 %", Text(100 * one.Score.Top1, "0.00"), Text(100 * two.Score.Top1, "0.00"), $"{Text(difference.Points, "+0.00;-0.00;0.00")} points, 95 % interval {Text(difference.Low, "+0.00;-0.00;0.00")} to {Text(difference.High, "+0.00;-0.00;0.00")}");
        Row("NLL", Text(one.Score.Nll, "0.0000"), Text(two.Score.Nll, "0.0000"), "");
        Row("p50 ms", Text(speed.First, "0.000"), Text(speed.Second, "0.000"), Text(speed.Ratio, "0.00") + " times as fast");
        Console.Out.WriteLine($"\n{target}");
        if (speed.Ratio < 1)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"distill: warning: here INT8 is slower than float ({speed.Second:0.000} ms against {speed.First:0.000} ms). The file is smaller all the same; for another processor name it with --target."));
        }
    }

    private static Evaluation Evaluate(byte[] model, ImageDataset set, BatchLoaderOptions loading, ModelSessionOptions options, CancellationToken cancellation)
    {
        using var session = ModelSession.Open(model, options);
        return Evaluator.Evaluate(session, set.Test, loading, progress: null, cancellation: cancellation);
    }

    private static void Row(string name, string before, string after, string difference) => Console.Out.WriteLine($"{name,-15} {before,12} {after,12}   {difference}".TrimEnd());

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
