namespace DistillSharp.Graph.Quantization.Observers;

/// <summary>Covers all but a few outliers: between a low and a high percentile of the numbers.</summary>
/// <param name="percentile">The high percentile, above 50 up to 100; the low one is 100 minus it. Default 99.99.</param>
/// <param name="bins">The bins of the histogram. Default 4096.</param>
public sealed class PercentileObserver(double percentile = 99.99, int bins = 4096) : HistogramObserver(bins)
{
    private readonly double _share = percentile is > 50 and <= 100 ? percentile / 100 : throw new ArgumentOutOfRangeException(nameof(percentile), percentile, "The percentile is above 50 and at most 100; 99.99 in practice.");

    /// <inheritdoc/>
    public override QuantizationRange Range() => HasSeen && Counts.Sum() > 0 ? new(Quantile(1 - _share), Quantile(_share)) : new(Least, Greatest);

    /// <summary>The number that a share of all lies below, its bin taken as evenly filled.</summary>
    private double Quantile(double share)
    {
        double wanted = share * Counts.Sum(), below = 0;
        for (int bin = 0; bin < Counts.Length; bin++)
        {
            if (Counts[bin] > 0 && below + Counts[bin] >= wanted)
            {
                return Edge(bin) + ((wanted - below) / Counts[bin] * (Edge(bin + 1) - Edge(bin)));
            }

            below += Counts[bin];
        }

        return Greatest;
    }
}
