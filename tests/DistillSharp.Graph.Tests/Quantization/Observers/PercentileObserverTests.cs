using DistillSharp.Graph.Quantization.Observers;

namespace DistillSharp.Graph.Tests.Quantization.Observers;

public sealed class PercentileObserverTests
{
    [Theory]
    [InlineData(99)]
    [InlineData(99.9)]
    public void The_range_is_that_of_the_sorted_numbers_within_a_bin(double percentile)
    {
        float[] numbers = ObservedNumbers.Normal(50_000, 1, outlier: 20);

        var range = new PercentileObserver(percentile, bins: 8192).Show(numbers[..20_000], numbers[20_000..]);

        float[] sorted = [.. numbers.Order()];
        double bin = (sorted[^1] - sorted[0]) / 8192.0;
        double share = percentile / 100;
        Assert.Equal(sorted[(int)(share * sorted.Length)], range.High, 2 * bin);
        Assert.Equal(sorted[(int)((1 - share) * sorted.Length)], range.Low, 2 * bin);
        Assert.True(range.High < 4, "The outlier of 20 is cut off.");
    }

    [Fact]
    public void The_hundredth_percentile_is_the_greatest_number() =>
        Assert.Equal(7, new PercentileObserver(100).Show([0, 1, 7]).High, 1e-9);

    [Theory]
    [InlineData(50)]
    [InlineData(100.1)]
    public void Other_percentiles_are_refused(double percentile) =>
        Assert.Contains("99.99", Assert.Throws<ArgumentOutOfRangeException>(() => new PercentileObserver(percentile)).Message, StringComparison.Ordinal);
}
