using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Detection.Augmentations;

/// <summary>
/// Multiplies hue, saturation and value of pixels (Smith, "Color gamut transform pairs", 1978). Worked out in floating point: the 8-bit hue of OpenCV would jump by two degrees.
/// </summary>
/// <param name="Hue">The hue's factor, 0 to 2; hues run from 0 to 6 and wrap.</param>
/// <param name="Saturation">The saturation's factor, 0 or more.</param>
/// <param name="Value">The value's factor, 0 or more.</param>
internal readonly record struct ColourChange(float Hue, float Saturation, float Value)
{
    /// <summary>Whether all stays as it is.</summary>
    public bool IsNone => Hue == 1 && Saturation == 1 && Value == 1;

    /// <summary>Draws a change.</summary>
    /// <param name="options">How much.</param>
    /// <param name="random">The sample's own numbers.</param>
    public static ColourChange Draw(DetectionAugmentation options, ref SampleRandom random)
    {
        double hue = random.NextDouble(-1, 1), saturation = random.NextDouble(-1, 1), value = random.NextDouble(-1, 1);
        return new((float)(1 + (hue * options.HsvH)), (float)(1 + (saturation * options.HsvS)), (float)(1 + (value * options.HsvV)));
    }

    /// <summary>Changes pixels in place.</summary>
    /// <param name="red">Their red.</param>
    /// <param name="green">Their green, as many.</param>
    /// <param name="blue">Their blue, as many.</param>
    public void Apply(Span<byte> red, Span<byte> green, Span<byte> blue)
    {
        ref byte r = ref MemoryMarshal.GetReference(red), g = ref MemoryMarshal.GetReference(green), b = ref MemoryMarshal.GetReference(blue);
        int i = 0;
        for (; i + 16 <= red.Length; i += 16)
        {
            var (redLow, redHigh) = Floats(Vector128.LoadUnsafe(ref r, (nuint)i));
            var (greenLow, greenHigh) = Floats(Vector128.LoadUnsafe(ref g, (nuint)i));
            var (blueLow, blueHigh) = Floats(Vector128.LoadUnsafe(ref b, (nuint)i));
            Change(ref redLow, ref greenLow, ref blueLow);
            Change(ref redHigh, ref greenHigh, ref blueHigh);
            Bytes(redLow, redHigh).StoreUnsafe(ref r, (nuint)i);
            Bytes(greenLow, greenHigh).StoreUnsafe(ref g, (nuint)i);
            Bytes(blueLow, blueHigh).StoreUnsafe(ref b, (nuint)i);
        }

        if (i < red.Length)
        {
            // The last few take the same way, so that no pixel depends on where it stands.
            Span<byte> rest = stackalloc byte[48];
            rest.Clear();
            red[i..].CopyTo(rest);
            green[i..].CopyTo(rest[16..]);
            blue[i..].CopyTo(rest[32..]);
            Apply(rest[..16], rest[16..32], rest[32..]);
            rest[..(red.Length - i)].CopyTo(red[i..]);
            rest.Slice(16, red.Length - i).CopyTo(green[i..]);
            rest.Slice(32, red.Length - i).CopyTo(blue[i..]);
        }
    }

    private static (Vector256<float> Low, Vector256<float> High) Floats(Vector128<byte> bytes)
    {
        var (low, high) = Vector128.Widen(bytes);
        var (low0, low1) = Vector128.Widen(low);
        var (high0, high1) = Vector128.Widen(high);
        return (Vector256.ConvertToSingle(Vector256.Create(low0, low1).AsInt32()), Vector256.ConvertToSingle(Vector256.Create(high0, high1).AsInt32()));
    }

    private static Vector128<byte> Bytes(Vector256<float> low, Vector256<float> high)
    {
        var half = Vector256.Create(0.5f);
        var words = Vector256.Narrow(Vector256.ConvertToInt32(low + half).AsUInt32(), Vector256.ConvertToInt32(high + half).AsUInt32());
        return Vector128.Narrow(words.GetLower(), words.GetUpper());
    }

    private void Change(ref Vector256<float> red, ref Vector256<float> green, ref Vector256<float> blue)
    {
        Vector256<float> one = Vector256<float>.One, six = Vector256.Create(6f);
        var value = Vector256.Max(Vector256.Max(red, green), blue);
        var chroma = value - Vector256.Min(Vector256.Min(red, green), blue);

        // Levels are whole numbers: where a divisor would be 0 its dividend is 0 too.
        var inverse = one / Vector256.Max(chroma, one);
        var saturation = chroma / Vector256.Max(value, one);
        var hue = Vector256.ConditionalSelect(
            Vector256.Equals(value, red), (green - blue) * inverse,
            Vector256.ConditionalSelect(Vector256.Equals(value, green), ((blue - red) * inverse) + Vector256.Create(2f), ((red - green) * inverse) + Vector256.Create(4f)));
        hue += Vector256.LessThan(hue, Vector256<float>.Zero) & six;
        hue *= Vector256.Create(Hue);
        hue -= Vector256.GreaterThanOrEqual(hue, six) & six;
        value = Vector256.Min(value * Vector256.Create(Value), Vector256.Create(255f));
        chroma = value * Vector256.Min(saturation * Vector256.Create(Saturation), one);
        var least = value - chroma;
        red = least + (chroma * Unit(Vector256.Abs(hue - Vector256.Create(3f)) - one));
        green = least + (chroma * Unit(Vector256.Create(2f) - Vector256.Abs(hue - Vector256.Create(2f))));
        blue = least + (chroma * Unit(Vector256.Create(2f) - Vector256.Abs(hue - Vector256.Create(4f))));
    }

    private static Vector256<float> Unit(Vector256<float> value) => Vector256.Min(Vector256.Max(value, Vector256<float>.Zero), Vector256<float>.One);
}
