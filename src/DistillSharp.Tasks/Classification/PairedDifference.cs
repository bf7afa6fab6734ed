namespace DistillSharp.Tasks.Classification;

/// <summary>How two classifiers differ on the same samples, in points of top-1 (1 point = 1 % of the samples), with its 95 % interval.</summary>
/// <remarks>
/// Only samples that one of them gets right and the other wrong tell them apart, so the interval is far narrower than that of two separate scores (McNemar
/// 1947). It is Tango's score interval (1998), which has a width even where no sample tells them apart. It speaks of these two models and of test samples
/// alone: what another seed of the training would change is not in it.
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

        return Of(lost, won, labels.Length);
    }

    /// <summary>Compares two classifiers that were counted already.</summary>
    /// <param name="lost">Samples that only the first gets right.</param>
    /// <param name="won">Samples that only the second gets right.</param>
    /// <param name="count">All samples, 1 or more.</param>
    public static PairedDifference Of(int lost, int won, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lost);
        ArgumentOutOfRangeException.ThrowIfNegative(won);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lost + (long)won, count, nameof(count));
        var (low, high) = PairedScoreInterval.Of(lost, won, count);
        return new(100.0 * (won - lost) / count, 100 * low, 100 * high, lost, won);
    }
}
