using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>The smallest and largest number of a type.</summary>
internal static class Bounds
{
    public static Scalar Of(ScalarType type, bool lower) => type switch
    {
        ScalarType.Byte => lower ? 0L : byte.MaxValue,
        ScalarType.Int8 => lower ? (long)sbyte.MinValue : sbyte.MaxValue,
        ScalarType.Int16 => lower ? (long)short.MinValue : short.MaxValue,
        ScalarType.Int32 => lower ? (long)int.MinValue : int.MaxValue,
        ScalarType.Int64 => lower ? long.MinValue : long.MaxValue,
        ScalarType.Bool => !lower,
        _ => lower ? double.NegativeInfinity : double.PositiveInfinity,
    };
}
