using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>CumSum.</summary>
internal static class Cumulations
{
    [Operator("CumSum")]
    public static Kernel CumSum(NodeContext node)
    {
        bool exclusive = node.Node.Int("exclusive", 0) != 0, reverse = node.Node.Int("reverse", 0) != 0;
        int x = node.Input(0);
        var axis = node.Integers(1);
        return Scoped.One(node, frame =>
        {
            var value = frame[x];
            int along = RuntimeShape.Axis(axis(frame) is [var only] ? only : throw new ArgumentException("the axis must be a single number."), value.dim());
            var ordered = reverse ? value.flip(along) : value;
            var sums = ordered.cumsum(along, value.dtype);
            if (exclusive)
            {
                sums = sums.sub(ordered);
            }

            return reverse ? sums.flip(along) : sums;
        });
    }
}
