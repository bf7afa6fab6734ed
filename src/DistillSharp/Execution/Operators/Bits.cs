using DistillSharp.Graph;
using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>BitShift, and the bitwise And, Or, Xor, Not of integers.</summary>
internal static class Bits
{
    [Operator("BitShift", Note = "bits that leave an unsigned type of up to 32 bits are gone; a uint64 must stay below 2^63")]
    public static Kernel BitShift(NodeContext node)
    {
        bool left = node.Node.Text("direction", "") switch
        {
            "LEFT" => true,
            "RIGHT" => false,
            var other => throw node.Refuse($"the direction '{other}' is not known; LEFT and RIGHT are."),
        };
        var declared = node.DeclaredType(0) ?? ElementType.UInt64;
        int x = node.Input(0), by = node.Input(1);
        return Scoped.One(node, frame =>
        {
            var value = frame[x];
            Tensor wide = value.to(ScalarType.Int64), places = frame.Beside(frame[by], value).to(ScalarType.Int64);
            if (!left)
            {
                return wide.bitwise_right_shift(places).to(value.dtype);
            }

            var shifted = wide.bitwise_left_shift(places);
            return value.dtype == ScalarType.Byte ? shifted.remainder(Number.Of(256L)).to(ScalarType.Byte)
                : UnsignedTypes.AreWidened(declared) ? UnsignedTypes.Wrap(shifted, declared)
                : shifted.to(value.dtype);
        });
    }

    [Operator("BitwiseAnd")]
    public static Kernel And(NodeContext node) => Arithmetic.Binary(node, static (a, b) => a.bitwise_and(b));

    [Operator("BitwiseOr")]
    public static Kernel Or(NodeContext node) => Arithmetic.Binary(node, static (a, b) => a.bitwise_or(b));

    [Operator("BitwiseXor")]
    public static Kernel Xor(NodeContext node) => Arithmetic.Binary(node, static (a, b) => a.bitwise_xor(b));

    /// <summary>What runs widened has zeros above its own bits, which stay zeros.</summary>
    [Operator("BitwiseNot", Note = "a uint64 has no complement below 2^63")]
    public static Kernel Not(NodeContext node)
    {
        long? ones = node.DeclaredType(0) switch { ElementType.UInt16 => ushort.MaxValue, ElementType.UInt32 => uint.MaxValue, _ => null };
        return Activations.ScopedUnary(node, x => ones is { } all ? x.neg().Plus(Number.Of(all)) : x.bitwise_not());
    }
}
