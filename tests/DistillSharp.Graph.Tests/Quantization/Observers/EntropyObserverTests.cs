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

    [Fact]
    public void Zeros_move_no_threshold()
    {
        float[] numbers = Array.ConvertAll(ObservedNumbers.Normal(50_000, 4, 9), Math.Abs);

        Assert.Equal(new EntropyObserver().Show(numbers), new EntropyObserver().Show([.. numbers, .. new float[200_000]]));
    }

    [Theory]
    [InlineData("heap", 1.05)]
    [InlineData("leaky", 10)]
    [InlineData("silu", 10)]
    [InlineData("relu", 4)]
    public void What_lies_in_a_heap_does_not_cost_the_rest(string kind, double most)
    {
        float[] numbers = ObservedNumbers.Normal(100_000, 6);
        for (int i = 0; i < numbers.Length; i++)
        {
            float number = numbers[i];
            numbers[i] = kind switch
            {
                // Four pixels in five are background, as in pictures of digits; the others lie anywhere between it and white.
                "heap" => i % 5 > 0 ? -0.42f : -0.42f + (3.2f * (i * 7919L % 256) / 255),
                "leaky" => number > 0 ? number : number / 100,
                "silu" => 2 * number / (1 + MathF.Exp(-2 * number)),
                _ => Math.Max(0, number),
            };
        }

        var range = new EntropyObserver().Show(numbers);

        Assert.InRange(numbers.Count(number => number < range.Low || number > range.High), 0, numbers.Length / 1000);
        Assert.InRange(SquaredError(numbers, range.Low, range.High) / SquaredError(numbers, numbers.Min(), numbers.Max()), 0.1, most);
    }

    private static double SquaredError(float[] numbers, double low, double high)
    {
        (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        double scale = (high - low) / 255, zero = Math.Round(-low / scale);
        return numbers.Average(number => Math.Pow(number - ((Math.Clamp(Math.Round(number / scale) + zero, 0, 255) - zero) * scale), 2));
    }

    /// <summary>
    /// Migacz's slides, word for word: P with the outliers in its last bin, Q merged and spread, both normalised, every threshold tried; but of numbers
    /// other than zero, and of thresholds that cut off no more than one number in a thousand.
    /// </summary>
    private static double Search(float[] numbers, int bins, int levels)
    {
        double end = numbers.Max(number => Math.Abs((double)number)), width = end / bins;
        double[] histogram = new double[bins];
        foreach (float number in numbers.Where(number => number != 0))
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

            if (divergence < best && histogram[i..].Sum() <= 0.001 * histogram.Sum())
            {
                (best, threshold) = (divergence, i * width);
            }
        }

        return threshold;
    }
}
