namespace DistillSharp.Graph.Quantization;

/// <summary>The range of a value that the integers cover; it always holds zero.</summary>
public readonly record struct QuantizationRange
{
    /// <summary>Creates a range, widened to hold zero.</summary>
    /// <param name="low">The lower bound, finite.</param>
    /// <param name="high">The upper bound, finite, not below the lower.</param>
    public QuantizationRange(double low, double high)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || low > high)
        {
            throw new ArgumentOutOfRangeException(nameof(low), $"[{low}, {high}]", "A range has finite bounds, the lower one first.");
        }

        (Low, High) = (Math.Min(low, 0), Math.Max(high, 0));
    }

    /// <summary>The lower bound, 0 or less.</summary>
    public double Low { get; }

    /// <summary>The upper bound, 0 or more.</summary>
    public double High { get; }

    /// <summary>The smallest range that holds both.</summary>
    /// <param name="other">The other range.</param>
    public QuantizationRange Union(QuantizationRange other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));
}
