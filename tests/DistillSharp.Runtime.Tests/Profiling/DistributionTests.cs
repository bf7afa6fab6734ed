using DistillSharp.Runtime.Profiling;

namespace DistillSharp.Runtime.Tests.Profiling;

public sealed class DistributionTests
{
    [Theory]
    [InlineData(0, 10)]
    [InlineData(0.2, 10)]
    [InlineData(0.21, 20)]
    [InlineData(0.5, 30)]
    [InlineData(0.8, 40)]
    [InlineData(0.99, 50)]
    [InlineData(1, 50)]
    public void A_quantile_is_the_nearest_rank(double share, double expected) => Assert.Equal(expected, Distribution.Quantile([50, 20, 10, 40, 30], share));

    [Fact]
    public void A_ratio_is_the_median_of_the_pairs_and_not_the_ratio_of_medians()
    {
        // Pairs 2, 2, 0.5; the medians alone would say 4 / 4 = 1.
        var ratio = Distribution.Ratio([2, 4, 8], [1, 2, 16]);

        Assert.Equal((2.0, 3), (ratio.Median, ratio.Pairs));
        Assert.Equal((0.5, 2.0), (ratio.Low, ratio.High));
    }

    [Fact]
    public void Noise_that_hits_both_alike_leaves_no_interval()
    {
        double[] first = [1, 7, 3, 100, 2];

        Assert.Equal(new PairedRatio(3, 3, 3, 5), Distribution.Ratio([.. first.Select(time => 3 * time)], first));
    }

    [Fact]
    public void The_interval_holds_the_median_narrows_with_pairs_and_is_the_same_each_time()
    {
        double[] few = [.. Enumerable.Range(0, 11).Select(i => 1 + (0.1 * i))], many = [.. Enumerable.Range(0, 1101).Select(i => 1 + (0.001 * i))];
        PairedRatio Of(double[] ratios) => Distribution.Ratio(ratios, [.. ratios.Select(_ => 1.0)]);

        Assert.InRange(Of(few).Median, Of(few).Low, Of(few).High);
        Assert.True(Of(few).Low < Of(few).Median && Of(few).Median < Of(few).High);
        Assert.True(Of(many).High - Of(many).Low < 0.5 * (Of(few).High - Of(few).Low));
        Assert.Equal(Of(few), Of(few));
    }

    [Fact]
    public void What_is_no_pair_is_refused_with_both_counts()
    {
        Assert.Contains("2 measurements and 1 references", Assert.Throws<ArgumentException>(() => Distribution.Ratio([1, 2], [1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Distribution.Ratio([], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => Distribution.Quantile([], 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Distribution.Quantile([1], 1.1));
    }
}
