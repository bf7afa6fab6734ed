using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Gather, GatherElements, GatherND.</summary>
internal static class Gathers
{
    [Operator("Gather")]
    public static Kernel Gather(NodeContext node)
    {
        long axis = node.Node.Int("axis", 0);
        int x = node.Input(0), indices = node.Input(1);
        return Scoped.One(node, frame =>
        {
            var value = frame[x];
            int along = RuntimeShape.Axis(axis, value.dim());
            long[] shape = value.shape;
            var index = Indexing.Counted(frame[indices], shape[along], value);
            return value.index_select(along, index.reshape(-1)).reshape([.. shape[..along], .. index.shape, .. shape[(along + 1)..]]);
        });
    }

    [Operator("GatherElements")]
    public static Kernel GatherElements(NodeContext node)
    {
        long axis = node.Node.Int("axis", 0);
        int x = node.Input(0), indices = node.Input(1);
        return Scoped.One(node, frame =>
        {
            int along = RuntimeShape.Axis(axis, frame[x].dim());
            return frame[x].gather(along, Indexing.Counted(frame[indices], frame[x].shape[along], frame[x]));
        });
    }

    [Operator("GatherND")]
    public static Kernel GatherND(NodeContext node)
    {
        int batches = (int)Math.Clamp(node.Node.Int("batch_dims", 0), 0, 64);
        int x = node.Input(0), indices = node.Input(1);
        return Scoped.One(node, frame =>
        {
            var value = frame[x];
            var tuples = frame[indices];
            long[] shape = value.shape, own = tuples.shape;
            int depth = own.Length == 0 ? 0 : (int)Math.Min(own[^1], 64);
            if (own.Length <= batches || batches + depth > shape.Length || !own.AsSpan(0, batches).SequenceEqual(shape.AsSpan(0, batches)))
            {
                throw new ArgumentException($"index tuples [{string.Join(", ", own)}] with {batches} batch axes do not fit [{string.Join(", ", shape)}].");
            }

            long count = RuntimeShape.Count(shape.AsSpan(0, batches));
            long[] sizes = shape[batches..(batches + depth)], rest = shape[(batches + depth)..];
            var rows = Indexing.Rows(tuples, sizes, value).reshape(count, RuntimeShape.Count(own.AsSpan(batches, own.Length - batches - 1)));
            rows = rows.Plus(arange(Number.Of(0L), Number.Of(count), Number.One, ScalarType.Int64, value.device).mul(Number.Of(RuntimeShape.Count(sizes))).unsqueeze(1));
            var flat = value.reshape(count * RuntimeShape.Count(sizes), RuntimeShape.Count(rest));
            return flat.index_select(0, rows.reshape(-1)).reshape([.. own[..^1], .. rest]);
        });
    }
}
