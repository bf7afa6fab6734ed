using static TorchSharp.torch;

namespace DistillSharp.TestKit.Numerics;

/// <summary>Gradients by measuring: what automatic ones are held against. Meaningful in float64 only.</summary>
public static class CentralDifferences
{
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

    /// <summary>The largest difference over the largest expected size.</summary>
    /// <param name="actual">The numbers to judge.</param>
    /// <param name="expected">The numbers they are held against.</param>
    public static double RelativeError(IReadOnlyList<double> actual, IReadOnlyList<double> expected)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(expected);
        if (actual.Count != expected.Count || actual.Count == 0)
        {
            throw new ArgumentException($"{actual.Count} numbers cannot be held against {expected.Count}.");
        }

        double difference = actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max();
        return actual.Any(double.IsNaN) ? double.NaN : difference / Math.Max(expected.Max(Math.Abs), double.Epsilon);
    }
}
