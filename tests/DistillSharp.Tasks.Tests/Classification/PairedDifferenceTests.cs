using DistillSharp.Tasks.Classification;

namespace DistillSharp.Tasks.Tests.Classification;

public sealed class PairedDifferenceTests
{
    private const double Deviate = 1.959963984540054;

    [Fact]
    public void Samples_that_only_one_gets_right_are_counted()
    {
        // 100 samples: 5 that only the first gets right, 2 that only the second does, 90 both, 3 neither.
        int[] labels = new int[100], first = new int[100], second = new int[100];
        first.AsSpan(0, 2).Fill(1);
        second.AsSpan(2, 5).Fill(1);
        first.AsSpan(7, 3).Fill(1);
        second.AsSpan(7, 3).Fill(2);

        var difference = PairedDifference.Of(labels, first, second);

        Assert.Equal((5, 2), (difference.Lost, difference.Won));
        Assert.Equal(-3, difference.Points, 1e-9);
        Assert.Equal(PairedDifference.Of(5, 2, 100), difference);
        Assert.Throws<ArgumentException>(() => PairedDifference.Of([0, 1], [0], [0, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PairedDifference.Of(3, 3, 5));
    }

    [Theory]
    [InlineData(5, 2, 100)]
    [InlineData(25, 28, 618)]
    [InlineData(0, 3, 100)]
    [InlineData(40, 20, 160)]
    [InlineData(1, 0, 10_000)]
    public void At_both_ends_the_score_statistic_is_the_normal_deviate(int lost, int won, int count)
    {
        var difference = PairedDifference.Of(lost, won, count);

        Assert.Equal(Deviate, Score(lost, won, count, difference.Low / 100), 1e-4);
        Assert.Equal(-Deviate, Score(lost, won, count, difference.High / 100), 1e-4);
        Assert.InRange(difference.Points, difference.Low, difference.High);
        var mirrored = PairedDifference.Of(won, lost, count);
        Assert.Equal((-difference.High, -difference.Low), (mirrored.Low, mirrored.High), (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-9);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    [InlineData(10_000)]
    public void Without_any_different_answer_the_interval_has_the_width_of_the_published_formula(int count)
    {
        int[] same = new int[count];
        var difference = PairedDifference.Of(same, same, same);

        // z² / (n + z²), Tango 1998: for 10,000 samples 0.038 points.
        double end = 100 * Deviate * Deviate / (count + (Deviate * Deviate));
        Assert.Equal((0, 0, 0.0), (difference.Lost, difference.Won, difference.Points));
        Assert.Equal(-end, difference.Low, 1e-9);
        Assert.Equal(end, difference.High, 1e-9);
    }

    [Fact]
    public void It_leaves_out_0_exactly_where_McNemars_test_rejects()
    {
        // (won - lost)² / (won + lost) against 3.8415: 36/8 = 4.5 and 25/7 = 3.57.
        Assert.True(PairedDifference.Of(1, 7, 500).Low > 0);
        Assert.True(PairedDifference.Of(1, 6, 500).Low < 0);
    }

    /// <summary>Every table that can occur, weighted by its probability: no chance is left to the draw.</summary>
    [Theory]
    [InlineData(500, 0.02, 0.5)]
    [InlineData(500, 0.02, 0.9)]
    [InlineData(500, 0.05, 0.7)]
    [InlineData(500, 0.2, 0.5)]
    [InlineData(5000, 0.02, 0.5)]
    [InlineData(5000, 0.02, 0.8)]
    [InlineData(5000, 0.2, 0.5)]
    public void It_covers_the_true_difference_in_93_to_97_of_100_test_sets(int count, double differing, double share)
    {
        double won = differing * share, lost = differing - won, covered = 0, all = 0;
        double[] logFactorials = new double[count + 1];
        for (int i = 1; i <= count; i++)
        {
            logFactorials[i] = logFactorials[i - 1] + Math.Log(i);
        }

        foreach (int w in Likely(count, won))
        {
            foreach (int l in Likely(count, lost))
            {
                double probability = Math.Exp(
                    logFactorials[count] - logFactorials[w] - logFactorials[l] - logFactorials[count - w - l] + (w * Math.Log(won)) + (l * Math.Log(lost)) + ((count - w - l) * Math.Log(1 - won - lost)));
                var difference = PairedDifference.Of(l, w, count);
                covered += difference.Low <= 100 * (won - lost) && 100 * (won - lost) <= difference.High ? probability : 0;
                all += probability;
            }
        }

        Assert.Equal(1, all, 1e-4);
        Assert.InRange(covered, 0.93, 0.97);
    }

    private static IEnumerable<int> Likely(int count, double share)
    {
        double mean = count * share, spread = 4.5 * Math.Sqrt(mean);
        int low = Math.Max(0, (int)(mean - spread - 3)), high = (int)(mean + spread + 5);
        return Enumerable.Range(low, high - low + 1);
    }

    /// <summary>The score test's statistic from its definition: the shares under a supposed difference are found by search, not by the formula.</summary>
    private static double Score(double lost, double won, double count, double supposed)
    {
        static double Term(double number, double share) => number == 0 ? 0 : number * Math.Log(share);
        double Likelihood(double onlyFirst) => Term(won, onlyFirst + supposed) + Term(lost, onlyFirst) + Term(count - won - lost, 1 - (2 * onlyFirst) - supposed);
        double low = Math.Max(0, -supposed), high = (1 - supposed) / 2;
        for (int i = 0; i < 200; i++)
        {
            double a = low + ((high - low) / 3), b = high - ((high - low) / 3);
            (low, high) = Likelihood(a) < Likelihood(b) ? (a, high) : (low, b);
        }

        double found = (low + high) / 2;
        return (won - lost - (count * supposed)) / Math.Sqrt(count * ((2 * found) + supposed - (supposed * supposed)));
    }
}
