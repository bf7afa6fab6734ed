using DistillSharp.Reports;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tests.Reports;

/// <summary>What the answers over repeats do in simulated runs whose truth is known. Every draw is seeded.</summary>
public sealed class RepeatIntervalTests
{
    private const int Trials = 40_000;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(10)]
    public void Of_useless_distillations_at_most_3_in_100_are_called_helpful_and_the_interval_covers_95(int seeds)
    {
        int helpful = 0, covered = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            var random = new SampleRandom(20, trial, seeds);
            double[] differences = new double[seeds];
            for (int i = 0; i < seeds; i++)
            {
                differences[i] = 0.8 * random.NextNormal();
            }

            var interval = RepeatInterval.Of(differences, grain: 0.02, testShare: 0);
            helpful += interval.Low > 0 ? 1 : 0;
            covered += interval.Low <= 0 && 0 <= interval.High ? 1 : 0;
        }

        Assert.InRange(helpful / (double)Trials, 0.015, 0.03);
        Assert.InRange(covered / (double)Trials, 0.93, 0.97);
    }

    /// <summary>Differences of a test set are whole numbers of samples: with two seeds they are often equal, which must not pass for certainty.</summary>
    [Theory]
    [InlineData(2, 1.0)]
    [InlineData(2, 3.0)]
    [InlineData(2, 15.0)]
    [InlineData(3, 1.0)]
    [InlineData(3, 8.0)]
    [InlineData(5, 2.0)]
    public void Whole_numbers_of_samples_do_not_raise_the_false_alarms(int seeds, double samples)
    {
        int helpful = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            var random = new SampleRandom(21, trial, seeds);
            double[] differences = new double[seeds];
            for (int i = 0; i < seeds; i++)
            {
                differences[i] = Math.Round(samples * random.NextNormal());
            }

            helpful += RepeatInterval.Of(differences, grain: 1, testShare: 0).Low > 0 ? 1 : 0;
        }

        Assert.InRange(helpful / (double)Trials, 0, 0.03);
    }

    /// <summary>Nadeau and Bengio's model: differences of folds correlate by test / (test + training), which is 1/k.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(10)]
    public void Over_folds_the_interval_covers_95_where_the_plain_one_does_not(int folds)
    {
        int covered = 0, plain = 0;
        double shared = Math.Sqrt(1.0 / folds), own = Math.Sqrt(1 - (1.0 / folds));
        for (int trial = 0; trial < Trials; trial++)
        {
            var random = new SampleRandom(22, trial, folds);
            double common = shared * random.NextNormal();
            double[] differences = new double[folds];
            for (int i = 0; i < folds; i++)
            {
                differences[i] = common + (own * random.NextNormal());
            }

            covered += Covers(RepeatInterval.Of(differences, 0.001, testShare: 1.0 / (folds - 1))) ? 1 : 0;
            plain += Covers(RepeatInterval.Of(differences, 0.001, testShare: 0)) ? 1 : 0;
        }

        Assert.InRange(covered / (double)Trials, 0.93, 0.97);
        Assert.InRange(plain / (double)Trials, 0, 0.9);

        static bool Covers(RepeatInterval interval) => interval.Low <= 0 && 0 <= interval.High;
    }

    [Fact]
    public void The_interval_is_that_worked_by_hand()
    {
        // 12, 8 and 7: mean 9, s² = 7; t(2) = 4.303, so 4.303 sqrt(7 / 3) = 6.572.
        var interval = RepeatInterval.Of([12, 8, 7], 1, 0);
        Assert.Equal((9, 2.428, 15.572), (interval.Mean, interval.Low, interval.High), (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) + Math.Abs(a.Item3 - b.Item3) < 2e-3);

        // As folds with two training samples for each test sample: 4.303 sqrt(7 (1/3 + 1/2)) = 10.392.
        Assert.Equal(9 - 10.392, RepeatInterval.Of([12, 8, 7], 1, 0.5).Low, 2e-3);
    }

    [Fact]
    public void Equal_differences_have_a_width_as_if_one_lay_a_grain_away()
    {
        // n = 4, grain 1: s = 1/2, t(3) = 3.182, so 3.182 / 4.
        var interval = RepeatInterval.Of([0, 0, 0, 0], 1, 0);

        Assert.Equal(3.182 / 4, interval.High, 1e-3);
        Assert.Equal(-3.182 / 4, interval.Low, 1e-3);
        Assert.Equal(0, interval.Deviation);
    }
}
