namespace DistillSharp.Graph.Quantization.Observers;

/// <summary>
/// Cuts off where the distribution over integers stays nearest to that of the numbers, by Kullback and Leibler's divergence (Migacz, 8-bit
/// inference with TensorRT, 2017). Numbers of both signs are judged by their magnitude against 128 levels, others against 256.
/// </summary>
/// <remarks>
/// Two things keep the divergence from being fooled by numbers that lie in a heap, which merging spreads over their neighbours, so that whatever
/// merges least wins, however much it cuts off. Zeros, of which Relu makes many, are not counted: each is exact at any threshold. And no more than
/// one number in a thousand is cut off, where the dark background of pictures would otherwise cut off all that is bright.
/// </remarks>
/// <param name="bins">The bins of the histogram. Default 2048.</param>
public sealed class EntropyObserver(int bins = 2048) : HistogramObserver(bins)
{
    /// <summary>The greatest share of the numbers that may be cut off.</summary>
    private const double MostCut = 1e-3;

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
        long[] below = [0, .. Counts];
        for (int i = 0; i < Counts.Length; i++)
        {
            below[i + 1] += below[i];
        }

        for (int kept = levels; kept <= Counts.Length; kept++)
        {
            double divergence = below[^1] - below[kept] <= MostCut * below[^1] ? Divergence(below, kept, levels) : double.PositiveInfinity;
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

    /// <inheritdoc/>
    protected override bool IsCounted(float number) => number != 0;

    /// <summary>The divergence of the first bins, what is cut off put into the last of them, from the same bins merged into levels.</summary>
    private double Divergence(long[] below, int kept, int levels)
    {
        long total = below[^1], inside = below[kept], cut = total - inside;
        if (inside == 0)
        {
            return double.PositiveInfinity;
        }

        double divergence = 0;
        for (int level = 0; level < levels; level++)
        {
            int start = (int)((long)level * kept / levels), end = (int)((long)(level + 1) * kept / levels), filled = 0;
            for (int i = start; i < end; i++)
            {
                filled += Counts[i] > 0 ? 1 : 0;
            }

            // Within a level every bin that holds numbers at all gets the same share.
            double merged = filled == 0 ? 0 : (double)(below[end] - below[start]) / filled / inside;
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
