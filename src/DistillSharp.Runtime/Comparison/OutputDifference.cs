using DistillSharp.Graph;

namespace DistillSharp.Runtime.Comparison;

/// <summary>How far one output is from what it was.</summary>
/// <param name="Name">The output's name.</param>
/// <param name="Absolute">The largest difference of two elements; infinite where one of them is no number and the other is one, or the shapes differ.</param>
/// <param name="Scale">The largest size of an element as it was.</param>
public sealed record OutputDifference(string Name, double Absolute, double Scale)
{
    /// <summary>The largest difference as a share of the largest element; the difference itself where all elements were 0.</summary>
    public double Relative => Scale > 0 ? Absolute / Scale : Absolute;

    /// <summary>Compares an output with what it was.</summary>
    /// <param name="name">The output's name.</param>
    /// <param name="before">What it was.</param>
    /// <param name="after">What it is.</param>
    public static OutputDifference Of(string name, TensorData before, TensorData after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (!before.Shape.SequenceEqual(after.Shape))
        {
            return new(name, double.PositiveInfinity, 0);
        }

        double[] x = Numbers(before), y = Numbers(after);
        double largest = 0, scale = 0;
        for (int i = 0; i < x.Length; i++)
        {
            // NaN equals NaN here, and an infinity itself.
            double difference = x[i].Equals(y[i]) ? 0 : Math.Abs(x[i] - y[i]);
            largest = Math.Max(largest, double.IsNaN(difference) ? double.PositiveInfinity : difference);
            scale = Math.Max(scale, double.IsFinite(x[i]) ? Math.Abs(x[i]) : 0);
        }

        return new(name, largest, scale);
    }

    private static double[] Numbers(TensorData data) => data.Type switch
    {
        ElementType.Float32 => Array.ConvertAll(data.AsSpan<float>().ToArray(), value => (double)value),
        ElementType.Float64 => data.AsSpan<double>().ToArray(),
        ElementType.Float16 => Array.ConvertAll(data.AsSpan<Half>().ToArray(), value => (double)value),
        ElementType.Int64 => Array.ConvertAll(data.AsSpan<long>().ToArray(), value => (double)value),
        ElementType.Int32 => Array.ConvertAll(data.AsSpan<int>().ToArray(), value => (double)value),
        ElementType.Int16 => Array.ConvertAll(data.AsSpan<short>().ToArray(), value => (double)value),
        ElementType.Int8 => Array.ConvertAll(data.AsSpan<sbyte>().ToArray(), value => (double)value),
        ElementType.UInt8 or ElementType.Bool => Array.ConvertAll(data.Bytes.ToArray(), value => (double)value),
        _ => Array.ConvertAll(data.Bytes.ToArray(), value => (double)value),
    };
}
