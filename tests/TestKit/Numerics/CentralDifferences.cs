using static TorchSharp.torch;

namespace DistillSharp.TestKit.Numerics;

/// <summary>Gradients by measuring: what automatic ones are held against. Meaningful in float64 only.</summary>
public static class CentralDifferences
{
    /// <summary>Up to here a number of a float64 reference is a 0 that was rounded.</summary>
    private const double RoundedZero = 1e-12;

    /// <summary>The gradient of a function with respect to a tensor it reads.</summary>
    /// <param name="values">The tensor, float64 and contiguous; each element is moved to either side and put back.</param>
    /// <param name="function">The function.</param>
    /// <param name="step">How far an element is moved.</param>
    /// <returns>The gradient in C order.</returns>
    public static double[] Of(Tensor values, Func<double> function, double step = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(function);
        using var detached = values.detach();
        using var flat = detached.view(-1);
        var elements = flat.data<double>();
        double[] gradient = new double[elements.Count];
        for (long i = 0; i < elements.Count; i++)
        {
            double was = elements[i];
            elements[i] = was + step;
            double above = function();
            elements[i] = was - step;
            double below = function();
            elements[i] = was;
            gradient[i] = (above - below) / (2 * step);
        }

        return gradient;
    }

    /// <summary>
    /// The largest difference over the largest expected size. Where every expected number is 0, or a 0 that a float64 reference rounded, the difference is measured
    /// against <paramref name="scale"/> instead, and on its own where that is 0 too.
    /// </summary>
    /// <param name="actual">The numbers to judge.</param>
    /// <param name="expected">The numbers they are compared with.</param>
    /// <param name="scale">The size of the numbers that these were computed beside: those of a case's other gradients.</param>
    /// <returns>The error; NaN where one of the numbers is not comparable.</returns>
    public static double RelativeError(IReadOnlyList<double> actual, IReadOnlyList<double> expected, double scale = 0)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(expected);
        if (actual.Count != expected.Count || actual.Count == 0)
        {
            throw new ArgumentException($"{actual.Count} numbers cannot be compared with {expected.Count}.");
        }

        double difference = 0, largest = 0;
        for (int i = 0; i < actual.Count; i++)
        {
            // Math.Max passes NaN on; LINQ's Max would drop it.
            difference = Math.Max(difference, actual[i] == expected[i] ? 0 : Math.Abs(actual[i] - expected[i]));
            largest = Math.Max(largest, Math.Abs(expected[i]));
        }

        double zero = Math.Max(RoundedZero, 1e-10 * scale);
        return largest <= zero ? difference / (scale > RoundedZero ? scale : 1) : difference / largest;
    }
}
