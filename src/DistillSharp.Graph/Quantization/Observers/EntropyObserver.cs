namespace DistillSharp.Graph.Quantization.Observers;

/// <summary>
/// Cuts off where the distribution over integers stays nearest to that of the numbers, by Kullback and Leibler's divergence (Migacz, 8-bit
/// inference with TensorRT, 2017). Numbers of both signs are judged by their magnitude against 128 levels, others against 256.
/// </summary>
/// <param name="bins">The bins of the histogram. Default 2048.</param>
public sealed class EntropyObserver(int bins = 2048) : HistogramObserver(bins)
{
    private bool HasBothSigns => Least < 0 && Greatest > 0;

    /// <inheritdoc/>
    public override QuantizationRange Range()
    {
        if (!HasSeen || Counts.Sum() == 0 || Span().End <= 0)
        {
            return new(Least, Greatest);
        }

        int levels = HasBothSigns ? 128 : 256, best = Counts.Length;
        double least = double.PositiveInfinity;
        for (int kept = levels; kept <= Counts.Length; kept++)
        {
            double divergence = Divergence(kept, levels);
            if (divergence < least)
            {
                (least, best) = (divergence, kept);
            }
        }

        double threshold = Edge(best);
        return new(Math.Max(Least, -threshold), Math.Min(Greatest, threshold));
    }

    /// <inheritdoc/>
    protected override (double Start, double End) Span() => (0, Math.Max(-Least, Greatest));

    /// <inheritdoc/>
    protected override double Measure(float number) => Math.Abs(number);

    /// <summary>The divergence of the first bins, what is cut off put into the last of them, from the same bins merged into levels.</summary>
    private double Divergence(int kept, int levels)
    {
        long total = 0, cut = 0, inside = 0;
        for (int i = 0; i < Counts.Length; i++)
        {
            total += Counts[i];
            cut += i >= kept ? Counts[i] : 0;
            inside += i < kept ? Counts[i] : 0;
        }

        if (inside == 0)
        {
            return double.PositiveInfinity;
        }

        double divergence = 0;
        for (int level = 0; level < levels; level++)
        {
            int start = (int)((long)level * kept / levels), end = (int)((long)(level + 1) * kept / levels), filled = 0;
            long sum = 0;
            for (int i = start; i < end; i++)
            {
                sum += Counts[i];
                filled += Counts[i] > 0 ? 1 : 0;
            }

            // Within a level every bin that holds numbers at all gets the same share.
            double merged = filled == 0 ? 0 : (double)sum / filled / inside;
            for (int i = start; i < end; i++)
            {
                double share = (double)(Counts[i] + (i == kept - 1 ? cut : 0)) / total;
                if (share > 0)
                {
                    if (Counts[i] == 0)
                    {
                        return double.PositiveInfinity;
                    }

                    divergence += share * Math.Log(share / merged);
                }
            }
        }

        return divergence;
    }
}
