using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>ReduceSum and its kin. Their axes are an attribute, and later an input: ReduceSum's from opset 13, the others' from 18.</summary>
internal static class Reductions
{
    [Operator("ReduceSum")]
    public static Kernel Sum(NodeContext node) => Over(node, static (x, axes, keep) => x.sum(axes, keep, x.dtype), since: 13);

    [Operator("ReduceMean", Note = "means of integers are cut towards zero")]
    public static Kernel Mean(NodeContext node) => Over(node, static (x, axes, keep) =>
        x.is_floating_point() ? x.mean(axes, keep) : x.to(ScalarType.Float64).mean(axes, keep).trunc().to(x.dtype));

    [Operator("ReduceProd")]
    public static Kernel Prod(NodeContext node) => Over(node, static (x, axes, keep) =>
    {
        // From the last axis on, so that the numbers of the others stay as they are.
        foreach (long axis in axes.OrderDescending())
        {
            x = x.prod(axis, keep, x.dtype);
        }

        return x;
    });

    [Operator("ReduceMax")]
    public static Kernel Max(NodeContext node) => Over(node, static (x, axes, keep) => Extreme(x, axes, keep, largest: true));

    [Operator("ReduceMin")]
    public static Kernel Min(NodeContext node) => Over(node, static (x, axes, keep) => Extreme(x, axes, keep, largest: false));

    [Operator("ReduceL1")]
    public static Kernel L1(NodeContext node) => Over(node, static (x, axes, keep) => x.abs().sum(axes, keep, x.dtype));

    /// <summary>Through the norm, whose gradient at zero is zero and no division by it.</summary>
    [Operator("ReduceL2")]
    public static Kernel L2(NodeContext node) => Over(node, static (x, axes, keep) =>
        Floating(x, value => Norms.Of(value, 2, axes, keep)));

    [Operator("ReduceSumSquare")]
    public static Kernel SumSquare(NodeContext node) => Over(node, static (x, axes, keep) => x.mul(x).sum(axes, keep, x.dtype));

    [Operator("ReduceLogSum")]
    public static Kernel LogSum(NodeContext node) => Over(node, static (x, axes, keep) => Floating(x, value => value.sum(axes, keep).log()));

    [Operator("ReduceLogSumExp")]
    public static Kernel LogSumExp(NodeContext node) => Over(node, static (x, axes, keep) => Floating(x, value =>
    {
        if (value.numel() == 0)
        {
            return value.exp().sum(axes, keep).log();
        }

        using var largest = value.detach().amax(axes, keepdim: true);
        using var shift = where(largest.isfinite(), largest, zeros_like(largest));
        var sum = value.sub(shift).exp().sum(axes, keep).log();
        return sum.Plus(shift.reshape(sum.shape));
    }));

    private static Tensor Floating(Tensor x, Func<Tensor, Tensor> compute) =>
        x.is_floating_point() ? compute(x) : compute(x.to(ScalarType.Float64)).to(x.dtype);

    private static Tensor Extreme(Tensor x, long[] axes, bool keep, bool largest)
    {
        if (axes.All(axis => x.shape[axis] > 0))
        {
            return largest ? x.amax(axes, keep) : x.amin(axes, keep);
        }

        // Of nothing, the largest is the smallest there is.
        long[] shape = [.. x.shape.Select((size, axis) => axes.Contains(axis) ? (keep ? 1L : -1L) : size).Where(size => size >= 0)];
        return full(shape, Bounds.Of(x.dtype, lower: largest), x.dtype, x.device);
    }

    private static Kernel Over(NodeContext node, Func<Tensor, long[], bool, Tensor> compute, int since = 18)
    {
        bool keep = node.Node.Int("keepdims", 1) != 0, emptyIsNone = node.Node.Int("noop_with_empty_axes", 0) != 0;
        var named = node.Integers("axes", 1, since);
        int x = node.Input(0);
        return Scoped.One(node, frame =>
        {
            var value = frame[x];
            long[] axes = [.. RuntimeShape.Axes(named(frame) ?? [], Math.Max(1, value.dim()))];
            if (axes.Length == 0 && emptyIsNone)
            {
                return value;
            }

            if (value.dim() == 0)
            {
                return compute(value.reshape(1), [0], false);
            }

            return compute(value, axes.Length > 0 ? axes : [.. Enumerable.Range(0, (int)value.dim())], keep);
        });
    }
}
