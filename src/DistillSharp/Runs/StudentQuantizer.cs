using System.Globalization;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime.Calibration;

namespace DistillSharp.Runs;

/// <summary>Makes a finished student INT8.</summary>
internal static class StudentQuantizer
{
    /// <summary>Quantises a file into another.</summary>
    /// <returns>What was done, in words.</returns>
    public static string Quantize(string source, string target, StaticQuantizationOptions options, CalibrationSet calibration, CancellationToken cancellation)
    {
        var quantizer = StaticQuantizer.Calibrate(OnnxFile.Load(source), calibration, options, cancellation: cancellation);
        var quantized = quantizer.Quantize(cancellation: cancellation);
        string how = string.Create(CultureInfo.InvariantCulture, $"{options.Quantization.Scheme}, {options.Calibration}, {calibration.Count} training samples");
        quantized.Metadata["distillsharp.provenance.role"] = "int8";
        quantized.Metadata["distillsharp.provenance.quantization"] = how;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        OnnxFile.Save(quantized, target);
        int layers = quantizer.Plan.Weighted.Count, all = layers + quantizer.Plan.FloatLayers;
        return string.Create(CultureInfo.InvariantCulture, $"{layers} of {all} layers are INT8 ({how})");
    }
}
