using System.Globalization;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Runtime.Profiling;

namespace DistillSharp.Runs;

/// <summary>Makes a finished student INT8.</summary>
internal static class StudentQuantizer
{
    /// <summary>Quantises a file into another, and times it beside the float one where that is asked for.</summary>
    /// <returns>What was done, in words.</returns>
    public static string Quantize(string source, string target, StaticQuantizationOptions options, CalibrationSet calibration, bool timed, IProgress<double>? progress, CancellationToken cancellation)
    {
        var quantizer = StaticQuantizer.Calibrate(OnnxFile.Load(source), calibration, options, progress, cancellation);
        var quantized = quantizer.Quantize(cancellation: cancellation);
        string how = string.Create(CultureInfo.InvariantCulture, $"{options.Quantization.Scheme}, {options.Calibration}, {calibration.Count} training samples");
        quantized.Metadata["distillsharp.provenance.role"] = "int8";
        quantized.Metadata["distillsharp.provenance.quantization"] = how;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        OnnxFile.Save(quantized, target);
        int layers = quantizer.Plan.Weighted.Count, all = layers + quantizer.Plan.FloatLayers;
        string told = string.Create(CultureInfo.InvariantCulture, $"{layers} of {all} layers are INT8 ({how})");
        return timed ? told + Speed(OnnxFile.Serialize(quantizer.Prepared), target, cancellation) : told;
    }

    private static string Speed(byte[] before, string target, CancellationToken cancellation)
    {
        var options = new ModelSessionOptions { Threads = 1 };
        using var first = ModelSession.Open(before, options);
        using var second = ModelSession.Open(target, options);
        var speed = LatencyComparison.Measure(first, second, cancellation);
        string judged = speed.Warning is null ? $"{speed.Speedup} times as fast, 95 % interval" : "here INT8 is slower than float, though the file is smaller";
        return string.Create(CultureInfo.InvariantCulture, $"; one image on one thread takes {speed.Second:0.000} ms, in float {speed.First:0.000} ms: {judged}");
    }
}
