using DistillSharp.Graph;

namespace DistillSharp.Runtime.Calibration;

/// <summary>Leaves layers in float until a score holds, and no more than that takes.</summary>
/// <remarks>
/// The number of layers is found by doubling and halving, then each layer is tried without: for a network of L layers of which k stay in float,
/// about 2·log2(L) + k models are made and scored.
/// </remarks>
/// <param name="maxDrop">How far the score may fall below that of the float model, 0 or more, in the score's unit.</param>
/// <param name="score">Scores a model on held-out training samples; higher is better.</param>
public sealed class DropLimit(double maxDrop, Func<ModelGraph, double> score)
{
    private readonly double _maxDrop = maxDrop >= 0 && double.IsFinite(maxDrop) ? maxDrop : throw new ArgumentOutOfRangeException(nameof(maxDrop), maxDrop, "The drop allowed is 0 or more points.");

    /// <summary>Leaves the most damaging layers in float, as many as the score needs; then quantises again each that was not needed.</summary>
    /// <param name="quantizer">The calibrated model.</param>
    /// <param name="ranked">The layers, the most damaging first.</param>
    /// <param name="progress">Told what was found, a line each.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The layers left in float, the deployed graph, and the scores on the held-out samples.</returns>
    /// <exception cref="GraphException">The score does not hold even with one layer quantised.</exception>
    public DropResult Apply(StaticQuantizer quantizer, IReadOnlyList<LayerSensitivity> ranked, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(quantizer);
        ArgumentNullException.ThrowIfNull(ranked);
        double before = score(quantizer.Prepared);
        DropResult Try(IReadOnlyList<string> kept)
        {
            cancellation.ThrowIfCancellationRequested();
            var graph = quantizer.Quantize(kept, cancellation);
            double after = score(graph);
            progress?.Report(FormattableString.Invariant($"{after:0.00} held out with {kept.Count} in float{(kept.Count > 0 ? ": " : "")}{string.Join(", ", kept.Take(8))}{(kept.Count > 8 ? ", …" : "")}"));
            return new(kept, graph, before, after);
        }

        return Drop(Try, Fewest(Try, [.. ranked.Select(layer => layer.Name)]));
    }

    private bool Holds(DropResult result) => result.Before - result.After <= _maxDrop;

    /// <summary>The shortest run of the worst layers that suffices: one layer less does not.</summary>
    private DropResult Fewest(Func<IReadOnlyList<string>, DropResult> attempt, string[] worst)
    {
        int fails = -1, tried = 0, most = Math.Max(0, worst.Length - 1);
        var best = attempt([]);
        while (!Holds(best))
        {
            if (tried == most)
            {
                throw new GraphException(FormattableString.Invariant($"The score falls by {best.Before - best.After:0.00} even with {tried} of {worst.Length} layers in float; {_maxDrop:0.00} is allowed. Calibrate on more samples, or train with quantisation."));
            }

            fails = tried;
            tried = Math.Min(most, Math.Max(1, 2 * tried));
            best = attempt(worst[..tried]);
        }

        while (tried - fails > 1)
        {
            int middle = (tried + fails) / 2;
            var result = attempt(worst[..middle]);
            (best, tried, fails) = Holds(result) ? (result, middle, fails) : (best, tried, middle);
        }

        return best;
    }

    /// <summary>Quantises again what was left in float without need; the layer added last was needed, without it the score did not hold.</summary>
    private DropResult Drop(Func<IReadOnlyList<string>, DropResult> attempt, DropResult best)
    {
        foreach (string name in best.Kept.SkipLast(1).Reverse().ToList())
        {
            var fewer = attempt([.. best.Kept.Where(other => other != name)]);
            best = Holds(fewer) ? fewer : best;
        }

        return best;
    }
}

/// <summary>What <see cref="DropLimit"/> found.</summary>
/// <param name="Kept">The layers left in float.</param>
/// <param name="Graph">The deployed graph.</param>
/// <param name="Before">The float model's score on the held-out samples.</param>
/// <param name="After">The deployed graph's score on them.</param>
public sealed record DropResult(IReadOnlyList<string> Kept, ModelGraph Graph, double Before, double After);
