using DistillSharp.Tasks.Data;

namespace DistillSharp.Runtime.Profiling;

/// <summary>What is said of repeated measurements: quantiles, and how sure a median is.</summary>
public static class Distribution
{
    private const int Resamples = 2000;

    /// <summary>A quantile, by the nearest rank: the smallest value that at least that share of the values does not exceed.</summary>
    /// <param name="values">The values, in any order, 1 or more.</param>
    /// <param name="share">0 to 1; 0.5 for the median.</param>
    /// <returns>One of the values.</returns>
    public static double Quantile(IReadOnlyCollection<double> values, double share)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count, nameof(values));
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        double[] sorted = [.. values.Order()];
        return sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }

    /// <summary>The median of paired ratios, with the 95 % percentile-bootstrap interval of that median (2,000 resamples of the pairs, seeded).</summary>
    /// <param name="values">The measurements.</param>
    /// <param name="references">What each is compared with: taken at the same time, above 0.</param>
    /// <returns>The ratio.</returns>
    public static PairedRatio Ratio(IReadOnlyList<double> values, IReadOnlyList<double> references)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(references);
        if (values.Count == 0 || values.Count != references.Count)
        {
            throw new ArgumentException($"{values.Count} measurements and {references.Count} references are no pairs.", nameof(values));
        }

        double[] ratios = [.. values.Zip(references, (value, reference) => value / reference)];
        var random = new SampleRandom(0, 0, 0);
        double[] medians = new double[Resamples], drawn = new double[ratios.Length];
        for (int i = 0; i < medians.Length; i++)
        {
            for (int j = 0; j < drawn.Length; j++)
            {
                drawn[j] = ratios[random.NextInt(ratios.Length)];
            }

            medians[i] = Quantile(drawn, 0.5);
        }

        return new(Quantile(ratios, 0.5), Quantile(medians, 0.025), Quantile(medians, 0.975), ratios.Length);
    }
}

/// <summary>How many times another's value a value is.</summary>
/// <param name="Median">The median of the pairs' ratios.</param>
/// <param name="Low">The lower end of its 95 % bootstrap interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Pairs">The number of pairs.</param>
public sealed record PairedRatio(double Median, double Low, double High, int Pairs)
{
    /// <summary>The ratio with its interval: <c>2.26 (2.23 to 2.29)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Median:0.00} ({Low:0.00} to {High:0.00})");
}
