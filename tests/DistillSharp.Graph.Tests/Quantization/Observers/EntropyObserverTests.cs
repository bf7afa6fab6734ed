using DistillSharp.Graph.Quantization.Observers;

namespace DistillSharp.Graph.Tests.Quantization.Observers;

public sealed class EntropyObserverTests
{
    [Theory]
    [InlineData(1, 12, false)]
    [InlineData(2, 6, false)]
    [InlineData(3, 12, true)]
    public void The_threshold_is_the_one_a_search_by_the_definition_finds(int seed, double outlier, bool rectified)
    {
        float[] numbers = ObservedNumbers.Normal(20_000, seed, outlier);
        if (rectified)
        {
            numbers = Array.ConvertAll(numbers, number => Math.Max(0, number));
        }

        var range = new EntropyObserver(512).Show(numbers[..7000], numbers[7000..]);

        Assert.Equal(Search(numbers, 512, rectified ? 256 : 128), range.High, 1e-6);
        Assert.True(rectified || range.High < outlier);
    }

    /// <summary>Migacz's slides, word for word: P with the outliers in its last bin, Q merged and spread, both normalised, every threshold tried.</summary>
    private static double Search(float[] numbers, int bins, int levels)
    {
        double end = numbers.Max(number => Math.Abs((double)number)), width = end / bins;
        double[] histogram = new double[bins];
        foreach (float number in numbers)
        {
            histogram[Math.Min(bins - 1, (int)(Math.Abs((double)number) / width))]++;
        }

        double best = double.PositiveInfinity, threshold = 0;
        for (int i = levels; i <= bins; i++)
        {
            double[] inside = histogram[..i], p = [.. inside], q = new double[i];
            p[^1] += histogram[i..].Sum();
            for (int level = 0; level < levels; level++)
            {
                int[] members = [.. Enumerable.Range(0, i).Where(bin => bin >= level * i / levels && bin < (level + 1) * i / levels)];
                double sum = members.Sum(bin => inside[bin]);
                int filled = members.Count(bin => inside[bin] > 0);
                foreach (int bin in members.Where(bin => inside[bin] > 0))
                {
                    q[bin] = sum / filled;
                }
            }

            double totalP = p.Sum(), totalQ = q.Sum(), divergence = 0;
            for (int bin = 0; bin < i; bin++)
            {
                if (p[bin] > 0)
                {
                    divergence += q[bin] > 0 ? p[bin] / totalP * Math.Log(p[bin] / totalP / (q[bin] / totalQ)) : double.PositiveInfinity;
                }
            }

            if (divergence < best)
            {
                (best, threshold) = (divergence, i * width);
            }
        }

        return threshold;
    }
}
