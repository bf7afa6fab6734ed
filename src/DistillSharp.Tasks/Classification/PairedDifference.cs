namespace DistillSharp.Tasks.Classification;

/// <summary>How two classifiers differ on the same samples, in points of top-1 (1 point = 1 % of the samples), with its 95 % interval.</summary>
/// <remarks>
/// Only samples that one of them gets right and the other wrong tell them apart, so the interval is far narrower than that of two separate
/// scores (McNemar, 1947; normal approximation).
/// </remarks>
/// <param name="Points">The second's top-1 minus the first's.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
/// <param name="Lost">Samples that only the first gets right.</param>
/// <param name="Won">Samples that only the second gets right.</param>
public sealed record PairedDifference(double Points, double Low, double High, int Lost, int Won)
{
    /// <summary>Compares two classifiers.</summary>
    /// <param name="labels">N true classes.</param>
    /// <param name="first">The first's N predicted classes.</param>
    /// <param name="second">The second's N predicted classes.</param>
    public static PairedDifference Of(ReadOnlySpan<int> labels, ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        if (labels.IsEmpty || first.Length != labels.Length || second.Length != labels.Length)
        {
            throw new ArgumentException($"{labels.Length} labels do not fit {first.Length} and {second.Length} predictions.", nameof(labels));
        }

        int lost = 0, won = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            lost += first[i] == labels[i] && second[i] != labels[i] ? 1 : 0;
            won += first[i] != labels[i] && second[i] == labels[i] ? 1 : 0;
        }

        double n = labels.Length, mean = (won - lost) / n;
        double error = Math.Sqrt(Math.Max(0, ((won + lost) / n) - (mean * mean)) / n);
        return new(100 * mean, 100 * (mean - (1.96 * error)), 100 * (mean + (1.96 * error)), lost, won);
    }
}
