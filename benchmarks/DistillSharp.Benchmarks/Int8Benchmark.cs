using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using DistillSharp.Plugins;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Runtime.Profiling;
using DistillSharp.TestKit;

namespace DistillSharp.Benchmarks;

/// <summary>
/// INT8 against float, BatchNormalization folded in both: the time of one picture of 32x32 on one thread, and the file. Weights are drawn, not trained, and
/// calibration sees noise: neither changes the speed. Both files have their turn in every round.
/// </summary>
internal static class Int8Benchmark
{
    private static readonly string[] s_models = ["resnet8x4", "resnet20", "resnet32x4", "vgg8", "wrn-16-2", "mobilenetv2-half", "shufflenet-v2"];

    public static int Run(string[] args)
    {
        int rounds = args is ["--rounds", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 15;
        using var folder = new TemporaryFolder();
        Console.WriteLine($"Batch 1, one thread, median of all predictions; {rounds} rounds, interleaved. Default quantisation for this processor.");
        Console.WriteLine("model              float ms    INT8 ms  times as fast (95 % interval)   file, % of float");
        foreach (string name in s_models)
        {
            string[] paths = [folder[$"{name}.onnx"], folder[$"{name}-int8.onnx"]];
            Write(name, paths);
            var report = ModelBenchmark.Run(paths, new() { Threads = 1, Rounds = rounds, Runs = 20 });
            var (before, after) = (report.Results[0], report.Results[1]);
            var ratio = after.Ratio!;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-17} {before.LatencyP50,9:0.000}  {after.LatencyP50,9:0.000}  {1 / ratio.Median,13:0.00} ({1 / ratio.High:0.00} to {1 / ratio.Low:0.00})   {100.0 * after.FileLength / before.FileLength,16:0.0}"));
        }

        return 0;
    }

    private static void Write(string name, string[] paths)
    {
        var catalog = PluginCatalogs.BuiltIn.Models;
        var options = (ModelOptions)Activator.CreateInstance(catalog.Find(name).OptionsType)!;
        var graph = catalog.Build(name, options with { Classes = 10, Channels = 3, Height = 32, Width = 32 });
        WeightInitializer.Draw(graph, 0);
        var random = new Random(1);
        float[] noise = [.. Enumerable.Range(0, 32 * 3 * 32 * 32).Select(_ => (float)(random.NextDouble() - 0.5) * 4)];
        var quantizer = StaticQuantizer.Calibrate(graph, new CalibrationSet([new(noise, [32, 3, 32, 32])]), new());
        OnnxFile.Save(quantizer.Prepared, paths[0]);
        OnnxFile.Save(quantizer.Quantize(), paths[1]);
    }
}
