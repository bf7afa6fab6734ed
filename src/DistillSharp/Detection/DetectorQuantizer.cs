using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Detection;

namespace DistillSharp.Detection;

/// <summary>Makes a detector INT8: calibrated on pictures it learned from; what decodes boxes stays in float, since it calculates in pixels.</summary>
public static class DetectorQuantizer
{
    /// <summary>Calibrates a detector.</summary>
    /// <param name="graph">The detector; it is not changed. Pictures are normalised as its card says, or are 0 to 1 where it has none.</param>
    /// <param name="source">The pictures it learned from.</param>
    /// <param name="size">Rows and columns of the pictures it is shown.</param>
    /// <param name="samples">How many are drawn, 1 or more.</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <param name="options">How it is calibrated and rounded.</param>
    /// <param name="skipBad">Whether pictures that cannot be read are left out.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Stops the calibration.</param>
    /// <returns>The calibrated quantiser, and what was done in words.</returns>
    /// <exception cref="GraphException">Nothing of it can be made INT8.</exception>
    public static (StaticQuantizer Quantizer, string How) Calibrate(
        ModelGraph graph, IDetectionSource source, (int Height, int Width) size, int samples, long seed, StaticQuantizationOptions options, bool skipBad = false, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        var prepared = StaticQuantizer.Prepare(graph).Graph;
        options = options with { Quantization = options.Quantization with { KeepFloat = [.. options.Quantization.KeepFloat, .. DetectionTail.NamesOf(prepared)] } };
        int batch = graph.Inputs is [{ Shape: [{ Size: { } told }, ..] }] ? (int)told : 1;
        var card = ModelCard.FromMetadata(new Dictionary<string, string>(graph.Metadata, StringComparer.Ordinal));
        var set = DetectionCalibration.Draw(source, size, samples, seed, batch, skipBad, card?.Input);
        string how = string.Create(CultureInfo.InvariantCulture, $"{options.Quantization.Scheme}, {options.Calibration}, {set.Count} pictures, seed {seed}");
        return (StaticQuantizer.Calibrate(prepared, set, options, progress, cancellation), how);
    }
}
