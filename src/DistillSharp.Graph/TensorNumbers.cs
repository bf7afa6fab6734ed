using System.Runtime.InteropServices;

namespace DistillSharp.Graph;

/// <summary>The elements of a constant tensor as doubles or 64-bit integers, whatever its element type, and back.</summary>
internal static class TensorNumbers
{
    /// <summary>Whether the type is one of the floats.</summary>
    public static bool IsFloat(this ElementType type) => type is ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16;

    /// <summary>Whether the type is a signed or unsigned integer; Bool is none.</summary>
    public static bool IsInteger(this ElementType type) => type is ElementType.Int8 or ElementType.Int16 or ElementType.Int32 or ElementType.Int64
        or ElementType.UInt8 or ElementType.UInt16 or ElementType.UInt32 or ElementType.UInt64;

    /// <summary>The elements as doubles, in C order; exact for every type but the 64-bit integers.</summary>
    public static double[] ToDoubles(this TensorData data) => data.Type switch
    {
        ElementType.Float32 => Convert<float>(data, value => value),
        ElementType.Float64 => data.AsSpan<double>().ToArray(),
        ElementType.Float16 => Convert<Half>(data, value => (double)value),
        ElementType.BFloat16 => [.. MemoryMarshal.Cast<byte, ushort>(data.Bytes).ToArray().Select(bits => (double)BitConverter.Int32BitsToSingle(bits << 16))],
        ElementType.UInt64 => Convert<ulong>(data, value => value),
        _ => [.. data.ToLongs().Select(value => (double)value)],
    };

    /// <summary>The elements of an integer or Bool tensor, in C order; UInt64 wraps.</summary>
    public static long[] ToLongs(this TensorData data) => data.Type switch
    {
        ElementType.Int64 => data.AsSpan<long>().ToArray(),
        ElementType.Int32 => Whole<int>(data, value => value),
        ElementType.Int16 => Whole<short>(data, value => value),
        ElementType.Int8 => Whole<sbyte>(data, value => value),
        ElementType.UInt8 => Whole<byte>(data, value => value),
        ElementType.UInt16 => Whole<ushort>(data, value => value),
        ElementType.UInt32 => Whole<uint>(data, value => value),
        ElementType.UInt64 => Whole<ulong>(data, value => unchecked((long)value)),
        ElementType.Bool => Whole<bool>(data, value => value ? 1 : 0),
        _ => throw new NotSupportedException($"A tensor of {data.Type} holds no integers."),
    };

    /// <summary>A float tensor of these elements, rounded to the type.</summary>
    public static TensorData FromDoubles(ElementType type, IReadOnlyList<long> shape, double[] values) => type switch
    {
        ElementType.Float32 => TensorData.Create<float>(Array.ConvertAll(values, value => (float)value), [.. shape]),
        ElementType.Float64 => TensorData.Create<double>(values, [.. shape]),
        ElementType.Float16 => TensorData.Create<Half>(Array.ConvertAll(values, value => (Half)value), [.. shape]),
        ElementType.BFloat16 => new(type, [.. shape], MemoryMarshal.AsBytes(Array.ConvertAll(values, ToBFloat16).AsSpan()).ToArray()),
        _ => throw new NotSupportedException($"A tensor of {type} is made of integers."),
    };

    /// <summary>An integer or Bool tensor of these elements, cut to the type's width.</summary>
    public static TensorData FromLongs(ElementType type, IReadOnlyList<long> shape, long[] values) => unchecked(type switch
    {
        ElementType.Int64 => TensorData.Create<long>(values, [.. shape]),
        ElementType.Int32 => TensorData.Create<int>(Array.ConvertAll(values, value => (int)value), [.. shape]),
        ElementType.Int16 => TensorData.Create<short>(Array.ConvertAll(values, value => (short)value), [.. shape]),
        ElementType.Int8 => TensorData.Create<sbyte>(Array.ConvertAll(values, value => (sbyte)value), [.. shape]),
        ElementType.UInt8 => TensorData.Create<byte>(Array.ConvertAll(values, value => (byte)value), [.. shape]),
        ElementType.UInt16 => TensorData.Create<ushort>(Array.ConvertAll(values, value => (ushort)value), [.. shape]),
        ElementType.UInt32 => TensorData.Create<uint>(Array.ConvertAll(values, value => (uint)value), [.. shape]),
        ElementType.UInt64 => TensorData.Create<ulong>(Array.ConvertAll(values, value => (ulong)value), [.. shape]),
        ElementType.Bool => TensorData.Create<bool>(Array.ConvertAll(values, value => value != 0), [.. shape]),
        _ => throw new NotSupportedException($"A tensor of {type} holds no integers."),
    });

    private static double[] Convert<T>(TensorData data, Converter<T, double> convert)
        where T : unmanaged => Array.ConvertAll(data.AsSpan<T>().ToArray(), convert);

    private static long[] Whole<T>(TensorData data, Converter<T, long> convert)
        where T : unmanaged => Array.ConvertAll(data.AsSpan<T>().ToArray(), convert);

    /// <summary>The upper half of a float32, rounded to nearest, ties to even; NaN stays NaN.</summary>
    private static ushort ToBFloat16(double value)
    {
        uint bits = BitConverter.SingleToUInt32Bits((float)value);
        return double.IsNaN(value) ? (ushort)0x7FC0 : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
