using System.Runtime.InteropServices;
using DistillSharp.Graph;

namespace Conformance.Tests.Operators;

/// <summary>Tensors as float64 numbers, and how two of them compare.</summary>
internal static class Numbers
{
    public static bool IsFloat(ElementType type) => type is ElementType.Float16 or ElementType.BFloat16 or ElementType.Float32 or ElementType.Float64;

    public static double[] Of(TensorData data) => data.Type switch
    {
        ElementType.Float32 => [.. data.AsSpan<float>().ToArray().Select(value => (double)value)],
        ElementType.Float64 => data.AsSpan<double>().ToArray(),
        ElementType.Float16 => [.. data.AsSpan<Half>().ToArray().Select(value => (double)value)],
        ElementType.BFloat16 => [.. MemoryMarshal.Cast<byte, ushort>(data.Bytes).ToArray().Select(bits => (double)BitConverter.UInt32BitsToSingle((uint)bits << 16))],
        ElementType.Int64 => [.. data.AsSpan<long>().ToArray().Select(value => (double)value)],
        ElementType.Int32 => [.. data.AsSpan<int>().ToArray().Select(value => (double)value)],
        ElementType.Int16 => [.. data.AsSpan<short>().ToArray().Select(value => (double)value)],
        ElementType.Int8 => [.. data.AsSpan<sbyte>().ToArray().Select(value => (double)value)],
        ElementType.UInt8 => [.. data.AsSpan<byte>().ToArray().Select(value => (double)value)],
        ElementType.UInt16 => [.. data.AsSpan<ushort>().ToArray().Select(value => (double)value)],
        ElementType.UInt32 => [.. data.AsSpan<uint>().ToArray().Select(value => (double)value)],
        ElementType.UInt64 => [.. data.AsSpan<ulong>().ToArray().Select(value => (double)value)],
        ElementType.Bool => [.. data.Bytes.ToArray().Select(value => (double)value)],
        _ => throw new NotSupportedException($"{data.Type} is no number."),
    };

    /// <summary>How two tensors differ, or null: type and shape exactly, floats as ONNX's own runner compares them, the rest bit by bit.</summary>
    public static string? Difference(TensorData actual, TensorData expected, double relative = 1e-3, double absolute = 1e-7)
    {
        if (actual.Type != expected.Type || !actual.Shape.SequenceEqual(expected.Shape))
        {
            return $"{actual.Type} [{string.Join(", ", actual.Shape)}] instead of {expected.Type} [{string.Join(", ", expected.Shape)}]";
        }

        if (!IsFloat(expected.Type))
        {
            return actual.Bytes.SequenceEqual(expected.Bytes) ? null : $"[{string.Join(", ", Of(actual).Take(20))}] instead of [{string.Join(", ", Of(expected).Take(20))}]";
        }

        double[] a = Of(actual), b = Of(expected);
        for (int i = 0; i < a.Length; i++)
        {
            bool same = a[i].Equals(b[i]) || Math.Abs(a[i] - b[i]) <= absolute + (relative * Math.Abs(b[i]));
            if (!same)
            {
                return $"element {i} of {a.Length} is {a[i]} instead of {b[i]} ([{string.Join(", ", a.Take(8))}] instead of [{string.Join(", ", b.Take(8))}])";
            }
        }

        return null;
    }
}
