using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Reports;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Runtime.Profiling;
using DistillSharp.Tasks;
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
            Console.Out.WriteLine($"{layer.Name,-40} {layer.Operation,-10} {Damage(layer)}");
        }

        Console.Out.WriteLine();
    }

    /// <summary>Says which layers --max-drop left in float, and why.</summary>
    public static void Kept(DropResult result, IReadOnlyList<LayerSensitivity> ranked, double most)
    {
        foreach (string name in result.Kept)
        {
            var layer = ranked.First(layer => layer.Name == name);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{layer.Operation} '{name}' stays in float: with it in INT8 top-1 fell by more than {most} points (damage {Damage(layer)})."));
        }

        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"held-out training pictures: {result.Before:0.00} % in float, {result.After:0.00} % with {(result.Kept.Count == 0 ? "every layer quantised" : $"{string.Join(", ", result.Kept)} in float")}"));
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

    /// <summary>Times both models by turns at batch 1 on one thread; says so where an input's size is not known.</summary>
    public static void Speed(ModelGraph prepared, string target, CancellationToken cancellation)
    {
        if (prepared.Inputs is not [{ Type: ElementType.Float32, Shape: { } shape }] || shape.Skip(1).Any(size => size.Size is null))
        {
            Console.Out.WriteLine("not timed: the model takes more than one float32 input of known sizes; distill bench times it");
            return;
        }

        Row("", "float", "INT8", "");
        Speed(Time(OnnxFile.Serialize(prepared), System.IO.File.ReadAllBytes(target), cancellation));
    }

    /// <summary>Scores both models on the test set, once, times them by turns on one thread, and prints the table.</summary>
    public static void Compare(StaticQuantizer quantizer, int keptFloat, string target, (ImageDataset Set, ClassOrder Order) data, BatchLoaderOptions loading, ModelSessionOptions options, CancellationToken cancellation)
    {
        byte[] before = OnnxFile.Serialize(quantizer.Prepared);
        byte[] after = System.IO.File.ReadAllBytes(target);
        var (one, two) = (Evaluate("scoring float", before, data, loading, options, cancellation), Evaluate("scoring INT8", after, data, loading, options, cancellation));
        var speed = Time(before, after, cancellation);
        var difference = PairedDifference.Of(one.Labels, one.Predictions, two.Predictions);
        int layers = quantizer.Plan.Weighted.Count + quantizer.Plan.FloatLayers;

        Console.Out.WriteLine($"\n{data.Set.Name}, {Text(one.Score.Count, "#,0")} test samples; times at batch 1 on one thread");
        Row("", "float", "INT8", "");
        Row("layers in INT8", "0", $"{quantizer.Plan.Weighted.Count - keptFloat} of {layers}", "");
        Row("file", ReportTable.Size(before.LongLength), ReportTable.Size(after.LongLength), Text(100.0 * after.Length / before.Length, "0.0") + " %");
        Row("top-1 %", Text(100 * one.Score.Top1, "0.00"), Text(100 * two.Score.Top1, "0.00"), $"{Text(difference.Points, "+0.00;-0.00;0.00")} points, 95 % interval {Text(difference.Low, "+0.00;-0.00;0.00")} to {Text(difference.High, "+0.00;-0.00;0.00")}");
        Row("NLL", Text(one.Score.Nll, "0.0000"), Text(two.Score.Nll, "0.0000"), "");
        Row("same answer %", "", Text(one.Predictions.Zip(two.Predictions).Average(pair => pair.First == pair.Second ? 100.0 : 0), "0.00"), "");
        Speed(speed);
        Console.Out.WriteLine($"\n{target}");
    }

    private static void Speed(LatencyComparison speed)
    {
        Row("p50 ms", Text(speed.First, "0.000"), Text(speed.Second, "0.000"), $"{speed.Speedup} times as fast, 95 % interval");
        if (speed.Warning is { } warning)
        {
            Console.Error.WriteLine($"distill: warning: {warning}");
        }
    }

    private static LatencyComparison Time(byte[] before, byte[] after, CancellationToken cancellation)
    {
        using var first = ModelSession.Open(before, new() { Threads = 1 });
        using var second = ModelSession.Open(after, new() { Threads = 1 });
        return LatencyComparison.Measure(first, second, cancellation);
    }

    private static Evaluation Evaluate(string what, byte[] model, (ImageDataset Set, ClassOrder Order) data, BatchLoaderOptions loading, ModelSessionOptions options, CancellationToken cancellation)
    {
        using var session = ModelSession.Open(model, options);
        return WorkView.Shares(what, progress => Evaluator.Evaluate(session, data.Set.Test, loading, progress: new Counted(progress, data.Set.Test.Count), cancellation: cancellation, order: data.Order));
    }

    private static string Damage(LayerSensitivity layer) => layer.Damage.ToString("0.000e+00", CultureInfo.InvariantCulture);

    private static void Row(string name, string before, string after, string difference) => Console.Out.WriteLine($"{name,-15} {before,12} {after,12}   {difference}".TrimEnd());

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);

    private sealed class Counted(IProgress<double> view, int count) : IProgress<int>
    {
        public void Report(int value) => view.Report((double)value / count);
    }
}
