using DistillSharp.Native;
using System.Runtime.InteropServices;
using DistillSharp.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution;

/// <summary>Unsigned types of 16, 32 and 64 bits: libtorch calculates with none of them, so they run widened to int64, with their range checked.</summary>
internal static class UnsignedTypes
{
    /// <summary>Whether tensors of the type run widened.</summary>
    /// <param name="type">The element type.</param>
    public static bool AreWidened(ElementType type) => type is ElementType.UInt16 or ElementType.UInt32 or ElementType.UInt64;

    /// <summary>Copies a constant into an int64 tensor on the host.</summary>
    /// <param name="data">The constant.</param>
    /// <exception cref="GraphException">A number is above 2^63 - 1.</exception>
    public static Tensor Widen(TensorData data)
    {
        long[] values = data.Type switch
        {
            ElementType.UInt16 => [.. data.AsSpan<ushort>().ToArray().Select(value => (long)value)],
            ElementType.UInt32 => [.. data.AsSpan<uint>().ToArray().Select(value => (long)value)],
            _ => [.. data.AsSpan<ulong>().ToArray().Select(value => value <= long.MaxValue ? (long)value : throw OutOfRange(value, data.Type))],
        };
        return torch.tensor(values, [.. data.Shape]);
    }

    /// <summary>Copies an int64 tensor into a constant of the unsigned type it stands for.</summary>
    /// <param name="values">The tensor, int64, contiguous and on the host.</param>
    /// <param name="type">The unsigned type.</param>
    /// <exception cref="GraphException">A number does not fit the type.</exception>
    public static byte[] Narrow(Tensor values, ElementType type)
    {
        long[] numbers = [.. values.data<long>()];
        long highest = type switch { ElementType.UInt16 => ushort.MaxValue, ElementType.UInt32 => uint.MaxValue, _ => long.MaxValue };
        foreach (long number in numbers)
        {
            if (number < 0 || number > highest)
            {
                throw OutOfRange(number, type);
            }
        }

        return type switch
        {
            ElementType.UInt16 => MemoryMarshal.AsBytes<ushort>([.. numbers.Select(value => (ushort)value)]).ToArray(),
            ElementType.UInt32 => MemoryMarshal.AsBytes<uint>([.. numbers.Select(value => (uint)value)]).ToArray(),
            _ => MemoryMarshal.AsBytes<long>(numbers).ToArray(),
        };
    }

    /// <summary>The low bits of integers, as a conversion to an unsigned type keeps them.</summary>
    /// <param name="values">The integers.</param>
    /// <param name="type">The unsigned type.</param>
    public static Tensor Wrap(Tensor values, ElementType type)
    {
        using var wide = values.to(ScalarType.Int64);
        return type switch
        {
            ElementType.UInt16 => wide.remainder(Number.Of(1L << 16)),
            ElementType.UInt32 => wide.remainder(Number.Of(1L << 32)),
            _ => wide.alias(),
        };
    }

    private static GraphException OutOfRange(object value, ElementType type) =>
        new($"{value} does not fit: {type} runs widened to int64, and holds 0 to {(type == ElementType.UInt16 ? ushort.MaxValue : type == ElementType.UInt32 ? uint.MaxValue : long.MaxValue)} here.");
}
