using DistillSharp.Graph;

namespace DistillSharp.Runtime.Calibration;

/// <summary>Leaves layers in float until a score holds, and no more than that takes.</summary>
/// <param name="maxDrop">How far the score may fall below that of the float model, 0 or more, in the score's unit.</param>
/// <param name="score">Scores a model on held-out training samples; higher is better.</param>
public sealed class DropLimit(double maxDrop, Func<ModelGraph, double> score)
{
    private readonly double _maxDrop = maxDrop >= 0 ? maxDrop : throw new ArgumentOutOfRangeException(nameof(maxDrop), maxDrop, "The drop allowed is 0 or more points.");

    /// <summary>Leaves the most damaging layers in float, one after the other, until the score holds; then quantises again each that was not needed.</summary>
    /// <param name="quantizer">The calibrated model.</param>
    /// <param name="ranked">The layers, the most damaging first.</param>
    /// <param name="progress">Told what was found, a line each.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The layers left in float, the deployed graph, and the scores on the held-out samples.</returns>
    public DropResult Apply(StaticQuantizer quantizer, IReadOnlyList<LayerSensitivity> ranked, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(quantizer);
        ArgumentNullException.ThrowIfNull(ranked);
        double before = score(quantizer.Prepared);
        var kept = new List<string>();
        var graph = quantizer.Quantize([], cancellation);
        double after = score(graph);
        foreach (var layer in ranked)
        {
            if (before - after <= _maxDrop || kept.Count == ranked.Count - 1)
            {
                break;
            }

            kept.Add(layer.Name);
            (graph, after) = Try(quantizer, kept, progress, cancellation);
        }

        if (before - after > _maxDrop)
        {
            throw new GraphException(FormattableString.Invariant($"The score falls by {before - after:0.00} even with {kept.Count} of {ranked.Count} layers in float; {_maxDrop:0.00} is allowed. Calibrate on more samples, or train with quantisation."));
        }

        // The one added last was needed: without it the score did not hold.
        foreach (string name in kept.SkipLast(1).Reverse().ToList())
        {
            var fewer = kept.Where(other => other != name).ToList();
            var (candidate, reached) = Try(quantizer, fewer, progress, cancellation);
            if (before - reached <= _maxDrop)
            {
                (kept, graph, after) = (fewer, candidate, reached);
            }
        }

        return new(kept, graph, before, after);
    }

    private (ModelGraph Graph, double Score) Try(StaticQuantizer quantizer, List<string> kept, IProgress<string>? progress, CancellationToken cancellation)
    {
        var graph = quantizer.Quantize(kept, cancellation);
        double reached = score(graph);
        progress?.Report(FormattableString.Invariant($"{reached:0.00} held out with {kept.Count} in float: {string.Join(", ", kept)}"));
        return (graph, reached);
    }
}

/// <summary>What <see cref="DropLimit"/> found.</summary>
/// <param name="Kept">The layers left in float.</param>
/// <param name="Graph">The deployed graph.</param>
/// <param name="Before">The float model's score on the held-out samples.</param>
/// <param name="After">The deployed graph's score on them.</param>
public sealed record DropResult(IReadOnlyList<string> Kept, ModelGraph Graph, double Before, double After);
