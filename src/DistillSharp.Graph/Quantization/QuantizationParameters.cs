namespace DistillSharp.Graph.Quantization;

/// <summary>An affine map between reals and integers, <c>real = scale · (integer - zero)</c> (Jacob et al., arXiv:1712.05877, equation 1).</summary>
/// <param name="Type">Int8 or UInt8.</param>
/// <param name="Scale">The real size of one step, finite and positive.</param>
/// <param name="ZeroPoint">The integer that stands for 0.</param>
public readonly record struct QuantizationParameters(ElementType Type, float Scale, int ZeroPoint)
{
    /// <summary>The least scale: products of two of them and their reciprocals are still ordinary float32 numbers.</summary>
    public const float LeastScale = 1e-9f;

    /// <summary>The least integer of the type.</summary>
    public int Lowest => Type == ElementType.UInt8 ? 0 : -128;

    /// <summary>The greatest integer of the type.</summary>
    public int Highest => Type == ElementType.UInt8 ? 255 : 127;

    /// <summary>The least real number that an integer stands for.</summary>
    public double Low => (double)Scale * (Lowest - ZeroPoint);

    /// <summary>The greatest real number that an integer stands for.</summary>
    public double High => (double)Scale * (Highest - ZeroPoint);

    /// <summary>The map that covers a range. A range of one point, 0, gets a scale of 1: any positive one is exact there.</summary>
    /// <param name="range">The range.</param>
    /// <param name="type">Int8 or UInt8.</param>
    /// <param name="symmetric">Whether a range of both signs is made symmetric; one that is never negative is not.</param>
    public static QuantizationParameters Of(QuantizationRange range, ElementType type, bool symmetric = false)
    {
        int lowest = type == ElementType.UInt8 ? 0 : -128;
        if (range.High - range.Low <= 0)
        {
            return new(type, 1, symmetric ? lowest + 128 : lowest);
        }

        if (symmetric && range.Low < 0)
        {
            return new(type, ToScale(Math.Max(-range.Low, range.High) / 127), lowest + 128);
        }

        float scale = ToScale((range.High - range.Low) / 255);
        return new(type, scale, (int)Math.Clamp(Math.Round(lowest - (range.Low / scale), MidpointRounding.ToEven), lowest, lowest + 255));
    }

    /// <summary>The integer nearest to a number, ties to even, ends saturated: what QuantizeLinear does.</summary>
    /// <param name="value">The number.</param>
    public int Quantize(float value) => (int)Math.Clamp(MathF.Round(value / Scale, MidpointRounding.ToEven) + ZeroPoint, Lowest, Highest);

    /// <summary>The number an integer stands for: what DequantizeLinear does.</summary>
    /// <param name="integer">The integer.</param>
    public float Dequantize(int integer) => (integer - ZeroPoint) * Scale;

    private static float ToScale(double scale) => (float)Math.Clamp(scale, LeastScale, 1e30);
}
