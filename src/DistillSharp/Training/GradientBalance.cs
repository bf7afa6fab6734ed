namespace DistillSharp.Training;

/// <summary>
/// Keeps the gradients of the terms in the proportion of their weights: every so many steps their norms in the student are measured, and each term's weight is
/// multiplied by what brings its gradient's norm to that of the first term. A term whose raw gradient is a thousand times smaller is then no longer drowned.
/// </summary>
public sealed class GradientBalance
{
    private readonly double _smoothing;
    private double[]? _norms;

    /// <summary>Creates a balance.</summary>
    /// <param name="every">Steps between measurements, 1 or more.</param>
    /// <param name="smoothing">How much of the earlier norms stays at a measurement, 0 up to 1.</param>
    public GradientBalance(int every, double smoothing)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(smoothing);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(smoothing, 1);
        (Every, _smoothing) = (every, smoothing);
    }

    /// <summary>Steps between measurements.</summary>
    public int Every { get; }

    /// <summary>The norms the weights follow: what a run saves; null before the first measurement.</summary>
    public IReadOnlyList<double>? Norms
    {
        get => _norms;
        internal set => _norms = value is null ? null : [.. value];
    }

    /// <summary>The factor of a term's weight: 1 before its first measurement, and for a term that sends nothing.</summary>
    /// <param name="term">The term's position.</param>
    public double FactorOf(int term) => _norms is { } norms && Tells(norms[term]) && Tells(norms[0]) ? norms[0] / norms[term] : 1;

    /// <summary>Takes a measurement in. A norm that is infinite or NaN is not taken in, and a term's first norm above 0 is where its average starts.</summary>
    /// <param name="norms">The norm of each term's gradient before its weight.</param>
    public void Measured(IReadOnlyList<double> norms)
    {
        ArgumentNullException.ThrowIfNull(norms);
        _norms = [.. norms.Select((now, term) => !double.IsFinite(now) ? _norms?[term] ?? 0 : _norms is { } earlier && Tells(earlier[term]) ? (_smoothing * earlier[term]) + ((1 - _smoothing) * now) : now)];
    }

    private static bool Tells(double norm) => norm > 0 && double.IsFinite(norm);
}
