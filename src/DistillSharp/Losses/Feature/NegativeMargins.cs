using DistillSharp.Graph;

namespace DistillSharp.Losses.Feature;

/// <summary>What is expected of a channel before its ReLU, where it is negative: the mean of the negative part of the normal distribution that batch normalisation makes of it (arXiv:1904.01866, section 3.2).</summary>
internal static class NegativeMargins
{
    private const double Rare = 0.001;
    private const double Certain = 9;

    /// <summary>The margin of each channel, rounded to float32.</summary>
    /// <param name="scale">The scales of the normalisation, <c>[C]</c>.</param>
    /// <param name="bias">Its biases, <c>[C]</c>.</param>
    public static float[] Of(TensorData scale, TensorData bias)
    {
        double[] deviations = Numbers(scale), means = Numbers(bias);
        float[] margins = new float[means.Length];
        for (int i = 0; i < margins.Length; i++)
        {
            margins[i] = (float)Of(Math.Abs(deviations[i]), means[i]);
        }

        return margins;
    }

    /// <summary>The mean of the negative part of a normal distribution; three deviations below zero where hardly any is negative.</summary>
    /// <param name="deviation">The deviation, 0 or more.</param>
    /// <param name="mean">The mean.</param>
    public static double Of(double deviation, double mean)
    {
        if (deviation == 0)
        {
            return Math.Min(mean, 0);
        }

        double negative = Below(-mean / deviation);
        return negative > Rare ? mean - (deviation * Density(mean / deviation) / negative) : -3 * deviation;
    }

    /// <summary>The share of the standard normal distribution below a number, by its Taylor series around 0.</summary>
    private static double Below(double x)
    {
        if (Math.Abs(x) >= Certain)
        {
            return x > 0 ? 1 : 0;
        }

        double sum = 0;
        double term = x;
        for (int odd = 3; sum + term != sum; odd += 2)
        {
            sum += term;
            term *= x * x / odd;
        }

        return 0.5 + (sum * Density(x));
    }

    private static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    private static double[] Numbers(TensorData data) => data.Type == ElementType.Float64 ? [.. data.AsSpan<double>()] : [.. data.AsSpan<float>().ToArray().Select(value => (double)value)];
}
