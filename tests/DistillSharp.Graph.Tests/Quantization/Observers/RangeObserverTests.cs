using DistillSharp.Graph.Quantization;
using DistillSharp.Graph.Quantization.Observers;

namespace DistillSharp.Graph.Tests.Quantization.Observers;

public sealed class RangeObserverTests
{
    [Fact]
    public void Min_max_covers_every_number_and_zero()
    {
        Assert.Equal(new QuantizationRange(-3, 5), new MinMaxObserver().Show([1, -3], [5, 2]));
        Assert.Equal((0, 7), (new MinMaxObserver().Show([2, 7]).Low, new MinMaxObserver().Show([2, 7]).High));
    }

    [Fact]
    public void A_moving_average_weighs_the_batches_as_the_formula_says()
    {
        // 0.5 (0.5 · -2 + 0.5 · -4) + 0.5 · -8 = -5.5, and 0.5 (0.5 · 2 + 0.5 · 4) + 0.5 · 1 = 2.
        var range = new MovingAverageObserver(0.5).Show([-2, 2], [-4, 4], [-8, 1]);

        Assert.Equal((-5.5, 2.0), (range.Low, range.High));
    }

    [Fact]
    public void A_batch_may_be_shown_in_parts()
    {
        var parts = new MovingAverageObserver(0.5);
        parts.Observe([-2]);
        parts.Observe([2]);
        parts.EndBatch();
        parts.Observe([-4, 4]);
        parts.EndBatch();

        Assert.Equal(new QuantizationRange(-3, 3), parts.Range());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_number_that_is_none_is_refused(float bad)
    {
        var error = Assert.Throws<ArgumentException>(() => new MinMaxObserver().Observe([1, bad]));
        Assert.Contains(bad.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CalibrationMethod.MinMax)]
    [InlineData(CalibrationMethod.MovingAverage)]
    [InlineData(CalibrationMethod.Percentile)]
    [InlineData(CalibrationMethod.Entropy)]
    [InlineData(CalibrationMethod.Mse)]
    public void A_value_that_is_always_zero_has_the_range_of_zero(CalibrationMethod method)
    {
        Assert.Equal(new QuantizationRange(0, 0), method.CreateObserver().Show(new float[100]));
        Assert.Equal(new QuantizationRange(0, 0), method.CreateObserver().Show());
    }
}
