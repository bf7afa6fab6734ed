using DistillSharp.Graph;
using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>
/// QuantizeLinear and DequantizeLinear, for a tensor, an axis, or blocks of one. Where a quantised value only goes on to be dequantised it
/// is kept as a float, and gradients go straight through inside the range; outside they are zero.
/// </summary>
internal static class Quantizations
{
    [Operator("QuantizeLinear", Note = "to integers of 8 and 16 bits; on the way to DequantizeLinear gradients go straight through inside the range")]
    public static Kernel QuantizeLinear(NodeContext node)
    {
        var stated = (ElementType)node.Node.Int("output_dtype", 0);
        var type = node.DeclaredType(2) ?? (stated == ElementType.Undefined ? ElementType.UInt8 : stated);
        var (low, high) = type switch
        {
            ElementType.UInt8 => (0L, (long)byte.MaxValue),
            ElementType.Int8 => ((long)sbyte.MinValue, (long)sbyte.MaxValue),
            ElementType.UInt16 => (0L, (long)ushort.MaxValue),
            ElementType.Int16 => ((long)short.MinValue, (long)short.MaxValue),
            _ => throw node.Refuse($"quantising to {type} is not covered; to integers of 8 and 16 bits it is."),
        };
        var layout = Layout.Of(node);
        bool straight = node.IsReadOnlyBy("DequantizeLinear");
        int x = node.Input(0), scale = node.Input(1), zero = node.OptionalInput(2);
        return Scoped.One(node, frame =>
        {
            var value = frame[x].is_floating_point() ? frame[x] : frame[x].to(frame.Precision);
            var scaled = value.div(layout.Along(frame[scale], value));
            var whole = scaled.round();
            if (straight && scaled.requires_grad)
            {
                whole = scaled.Plus(whole.sub(scaled).detach());
            }

            var moved = frame.Optional(zero) is { } offset ? whole.Plus(layout.Along(offset, value).to(value.dtype)) : whole;
            var clamped = moved.clamp(Number.Of(low), Number.Of(high));
            return straight ? clamped : clamped.to(TensorConversion.TypeOf(type));
        });
    }

    [Operator("DequantizeLinear")]
    public static Kernel DequantizeLinear(NodeContext node)
    {
        var layout = Layout.Of(node);
        int x = node.Input(0), scale = node.Input(1), zero = node.OptionalInput(2);
        return Scoped.One(node, frame =>
        {
            var value = frame[x].to(frame.Precision);
            var centred = frame.Optional(zero) is { } offset ? value.sub(layout.Along(offset, value).to(frame.Precision)) : value;
            return centred.mul(layout.Along(frame[scale], value));
        });
    }

    /// <summary>How scales and zero points lie along a value.</summary>
    private sealed record Layout(long Axis, long Block)
    {
        public static Layout Of(NodeContext node) => new(node.Node.Int("axis", 1), Math.Max(0, node.Node.Int("block_size", 0)));

        public Tensor Along(Tensor part, Tensor value)
        {
            if (part.numel() == 1)
            {
                return part.reshape([]);
            }

            int axis = RuntimeShape.Axis(Axis, value.dim());
            if (Block == 0)
            {
                return part.dim() == 1 && part.shape[0] == value.shape[axis]
                    ? part.reshape(RuntimeShape.Along(value.dim(), axis, part.numel()))
                    : throw new ArgumentException($"[{string.Join(", ", part.shape)}] scales do not fit axis {axis} of [{string.Join(", ", value.shape)}].");
            }

            long[] blocks = part.shape;
            if (blocks.Length != value.dim() || blocks[axis] != (value.shape[axis] + Block - 1) / Block)
            {
                throw new ArgumentException($"[{string.Join(", ", blocks)}] scales do not fit blocks of {Block} along axis {axis} of [{string.Join(", ", value.shape)}].");
            }

            long[] spread = [.. blocks[..(axis + 1)], Block, .. blocks[(axis + 1)..]], joined = [.. blocks];
            joined[axis] *= Block;
            return part.unsqueeze(axis + 1).expand(spread).reshape(joined).narrow(axis, 0, value.shape[axis]);
        }
    }
}
