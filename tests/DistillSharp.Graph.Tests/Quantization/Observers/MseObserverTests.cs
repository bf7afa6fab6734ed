using DistillSharp.Graph.Quantization.Observers;

namespace DistillSharp.Graph.Tests.Quantization.Observers;

public sealed class MseObserverTests
{
    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, -25)]
    public void The_range_has_the_least_error_that_a_search_over_the_numbers_themselves_finds(int seed, double outlier)
    {
        float[] numbers = ObservedNumbers.Normal(200_000, seed, outlier);

        var range = new MseObserver().Show(numbers);

        double low = numbers.Min(), high = numbers.Max();
        double best = Enumerable.Range(1, 100).Select(step => Error(numbers, low * step / 100, high * step / 100)).Min();
        Assert.InRange(Error(numbers, range.Low, range.High), best, best * 1.01);
        Assert.True(best < 0.8 * Error(numbers, low, high), "Cutting the outlier off pays, or the test proves nothing.");
    }

    /// <summary>The mean squared error of 8-bit rounding between two bounds, zero exact.</summary>
    private static double Error(float[] numbers, double low, double high)
    {
        double scale = (high - low) / 255, zero = Math.Round(-low / scale);
        return numbers.Average(number =>
        {
            double back = (Math.Clamp(Math.Round(number / scale) + zero, 0, 255) - zero) * scale;
            return (number - back) * (number - back);
        });
    }
}
