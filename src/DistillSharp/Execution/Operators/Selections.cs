using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>ArgMax, ArgMin, TopK, NonZero, Compress, OneHot.</summary>
internal static class Selections
{
    [Operator("ArgMax")]
    public static Kernel ArgMax(NodeContext node) => Arg(node, static (x, axis, keep) => x.argmax(axis, keep));

    [Operator("ArgMin")]
    public static Kernel ArgMin(NodeContext node) => Arg(node, static (x, axis, keep) => x.argmin(axis, keep));

    /// <summary>Equal numbers keep their order, so that the first of them comes first.</summary>
    [Operator("TopK", Note = "sorted; equal numbers keep their order")]
    public static Kernel TopK(NodeContext node)
    {
        long axis = node.Node.Int("axis", -1);
        bool largest = node.Node.Int("largest", 1) != 0;
        int x = node.Input(0);
        long fixedCount = node.Opset < 10 ? node.Node.Int("k", -1) : -1;
        var count = node.Opset < 10 ? _ => [fixedCount] : node.Integers(1);
        return Scoped.Several(node, frame =>
        {
            int along = RuntimeShape.Axis(axis, frame[x].dim());
            long k = count(frame) is [var only] ? only : throw new ArgumentException("K must be a single number.");
            if (k < 0 || k > frame[x].shape[along])
            {
                throw new ArgumentException($"the {k} largest of {frame[x].shape[along]} do not exist.");
            }

            var (values, indices) = frame[x].sort(along, descending: largest, stable: true);
            return [values.narrow(along, 0, k).contiguous(), indices.narrow(along, 0, k).contiguous()];
        });
    }

    /// <summary>A single number has the place 0.</summary>
    [Operator("NonZero")]
    public static Kernel NonZero(NodeContext node) => Activations.ScopedUnary(node, static x => (x.dim() == 0 ? x.reshape(1) : x).nonzero().t().contiguous());

    /// <summary>Elements beyond the end of the condition are left out, as those it denies.</summary>
    [Operator("Compress")]
    public static Kernel Compress(NodeContext node)
    {
        long? axis = node.Node.Attributes.ContainsKey("axis") ? node.Node.Int("axis", 0) : null;
        int x = node.Input(0), condition = node.Input(1);
        return Scoped.One(node, frame =>
        {
            var value = axis is null ? frame[x].reshape(-1) : frame[x];
            int along = RuntimeShape.Axis(axis ?? 0, value.dim());
            var flags = frame.Beside(frame[condition], value);
            return flags.dim() == 1 && flags.shape[0] <= value.shape[along]
                ? value.index_select(along, flags.nonzero().reshape(-1))
                : throw new ArgumentException($"a condition [{string.Join(", ", flags.shape)}] does not fit axis {along} of [{string.Join(", ", value.shape)}].");
        });
    }

    /// <summary>An index below zero counts from the end; one that does not exist leaves all off.</summary>
    [Operator("OneHot")]
    public static Kernel OneHot(NodeContext node)
    {
        long axis = node.Node.Int("axis", -1);
        int indices = node.Input(0), depth = node.Input(1), values = node.Input(2);
        return Scoped.One(node, frame =>
        {
            var index = frame.Beside(frame[indices], frame[values]).to(ScalarType.Int64);
            double size = RuntimeShape.ReadNumber(frame[depth]);
            if (size < 1 || size > int.MaxValue)
            {
                throw new ArgumentException($"a depth of {size} is none.");
            }

            int along = RuntimeShape.Axis(axis, index.dim() + 1);
            var wrapped = where(index.lt(Number.Of(0)), index.Plus(Number.Of((long)size)), index).unsqueeze(along);
            var range = arange(Number.Of(0L), Number.Of((long)size), Number.One, ScalarType.Int64, index.device).reshape(RuntimeShape.Along(index.dim() + 1, along, (long)size));
            return where(wrapped.eq(range), frame[values].select(0, 1), frame[values].select(0, 0));
        });
    }

    private static Kernel Arg(NodeContext node, Func<Tensor, long, bool, Tensor> compute)
    {
        long axis = node.Node.Int("axis", 0);
        bool keep = node.Node.Int("keepdims", 1) != 0, last = node.Node.Int("select_last_index", 0) != 0;
        int x = node.Input(0);
        return Scoped.One(node, frame =>
        {
            var value = frame[x];
            int along = RuntimeShape.Axis(axis, value.dim());
            return last ? compute(value.flip(along), along, keep).neg().Plus(Number.Of(value.shape[along] - 1)) : compute(value, along, keep);
        });
    }
}
