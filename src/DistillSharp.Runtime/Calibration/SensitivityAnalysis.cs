using DistillSharp.Graph;

namespace DistillSharp.Runtime.Calibration;

/// <summary>Ranks layers by the damage their quantisation does.</summary>
public static class SensitivityAnalysis
{
    /// <summary>Quantises each layer alone and compares the outputs with those of the float model.</summary>
    /// <param name="quantizer">The calibrated model.</param>
    /// <param name="set">Held-out training samples.</param>
    /// <param name="threads">Threads of ONNX Runtime, 0 for one a core.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>Every layer, the most damaging first.</returns>
    public static IReadOnlyList<LayerSensitivity> Rank(StaticQuantizer quantizer, CalibrationSet set, int threads = 0, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(quantizer);
        ArgumentNullException.ThrowIfNull(set);
        string[] names = [.. quantizer.Plan.Weighted.Select(StaticQuantizer.NameOf)];
        var expected = Outputs(quantizer.Prepared, set, threads, cancellation);
        double scale = expected.Sum(number => (double)number * number);
        var found = new List<LayerSensitivity>();
        for (int i = 0; i < names.Length; i++)
        {
            var actual = Outputs(quantizer.Quantize([.. names.Where(name => name != names[i])], cancellation), set, threads, cancellation);
            double error = expected.Zip(actual, (a, b) => ((double)a - b) * ((double)a - b)).Sum();
            found.Add(new(names[i], quantizer.Plan.Weighted[i].Operation, scale > 0 ? error / scale : error));
            progress?.Report((i + 1.0) / names.Length);
        }

        return [.. found.OrderByDescending(layer => layer.Damage).ThenBy(layer => layer.Name, StringComparer.Ordinal)];
    }

    private static List<float> Outputs(ModelGraph graph, CalibrationSet set, int threads, CancellationToken cancellation)
    {
        var numbers = new List<float>();
        using var session = new TappedSession(graph, [graph.Outputs[0].Name], threads);
        foreach (var batch in set.Batches(cancellation))
        {
            session.Run(batch, (_, values, _) => numbers.AddRange(values), cancellation);
        }

        return numbers;
    }
}
