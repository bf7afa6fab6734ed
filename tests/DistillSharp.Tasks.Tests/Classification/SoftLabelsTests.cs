using CsCheck;
using DistillSharp.Tasks.Classification;

namespace DistillSharp.Tasks.Tests.Classification;

public sealed class SoftLabelsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(0.5)]
    [InlineData(20)]
    public void Probabilities_at_a_temperature_are_those_of_the_logits_divided_by_it(double temperature)
    {
        double[] found = Softmax([1, 2, 4], temperature);

        double a = Math.Exp(1 / temperature), b = Math.Exp(2 / temperature), c = Math.Exp(4 / temperature);
        Assert.Equal(a / (a + b + c), found[0], 1e-12);
        Assert.Equal(b / (a + b + c), found[1], 1e-12);
        Assert.Equal(c / (a + b + c), found[2], 1e-12);
    }

    [Fact]
    public void The_hotter_the_softer() =>
        Gen.Select(Gen.Float[-20, 20].Array[2, 20], Gen.Double[0.1, 10], Gen.Double[1.01, 5]).Sample((logits, temperature, factor) =>
        {
            double[] cool = Softmax(logits, temperature), hot = Softmax(logits, temperature * factor);
            return Math.Abs(cool.Sum() - 1) < 1e-12 && hot.Max() <= cool.Max() + 1e-12 && hot.Min() >= cool.Min() - 1e-12;
        });

    [Fact]
    public void Large_logits_do_not_overflow() => Assert.Equal([1, 0], Softmax([30_000, -30_000], 1));

    [Fact]
    public void The_mean_by_class_is_that_of_the_samples_of_the_class()
    {
        float ln3 = (float)Math.Log(3), ln7 = (float)Math.Log(7);

        double[][] mean = SoftLabels.MeanByClass([ln3, 0, ln7, 0, 0, 0], [0, 0, 0], 2, temperature: 1);

        // 3/4, 7/8 and 1/2 of the first class.
        Assert.Equal((0.75 + 0.875 + 0.5) / 3, mean[0][0], 1e-7);
        Assert.Equal((0.25 + 0.125 + 0.5) / 3, mean[0][1], 1e-7);
        Assert.Equal([0, 0], mean[1]);
    }

    [Fact]
    public void The_mean_by_class_is_taken_at_the_temperature() =>
        Assert.Equal(0.75, SoftLabels.MeanByClass([2 * (float)Math.Log(3), 0], [1], 2, temperature: 2)[1][0], 1e-7);

    private static double[] Softmax(float[] logits, double temperature)
    {
        double[] probabilities = new double[logits.Length];
        SoftLabels.Softmax(logits, temperature, probabilities);
        return probabilities;
    }
}
