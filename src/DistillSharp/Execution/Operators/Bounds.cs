using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>The smallest and largest number of a type.</summary>
internal static class Bounds
{
    public static Scalar Of(ScalarType type, bool lower) => type switch
    {
        ScalarType.Byte => Number.Of(lower ? 0L : byte.MaxValue),
        ScalarType.Int8 => Number.Of(lower ? (long)sbyte.MinValue : sbyte.MaxValue),
        ScalarType.Int16 => Number.Of(lower ? (long)short.MinValue : short.MaxValue),
        ScalarType.Int32 => Number.Of(lower ? (long)int.MinValue : int.MaxValue),
        ScalarType.Int64 => Number.Of(lower ? long.MinValue : long.MaxValue),
        ScalarType.Bool => Number.Of(!lower),
        _ => Number.Of(lower ? double.NegativeInfinity : double.PositiveInfinity),
    };
}
