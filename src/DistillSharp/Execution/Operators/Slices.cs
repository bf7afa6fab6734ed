using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Slice: starts, ends and axes are attributes up to opset 9, inputs (with steps) from 10.</summary>
internal static class Slices
{
    [Operator("Slice")]
    public static Kernel Slice(NodeContext node)
    {
        var starts = node.Integers("starts", 1, since: 10);
        var ends = node.Integers("ends", 2, since: 10);
        var axes = node.Integers("axes", 3, since: 10);
        var steps = node.Opset >= 10 ? node.Integers(4) : _ => null;
        int x = node.Input(0);
        return Scoped.One(node, frame =>
        {
            var value = frame[x];
            long[] from = starts(frame) ?? [], to = ends(frame) ?? [], step = steps(frame) ?? [.. from.Select(_ => 1L)];
            int[] along = RuntimeShape.Axes(axes(frame) ?? [.. Enumerable.Range(0, from.Length).Select(i => (long)i)], value.dim());
            if (to.Length != from.Length || along.Length != from.Length || step.Length != from.Length)
            {
                throw new ArgumentException($"{from.Length} starts, {to.Length} ends, {along.Length} axes and {step.Length} steps do not go together.");
            }

            for (int i = 0; i < from.Length; i++)
            {
                value = Cut(value, along[i], from[i], to[i], step[i]);
            }

            return value;
        });
    }

    private static Tensor Cut(Tensor value, int axis, long start, long end, long step)
    {
        long size = value.shape[axis];
        start = start < 0 ? Math.Max(start, -size) + size : start;
        end = end < 0 ? Math.Max(end, -size - 1) + size : end;
        if (step > 0)
        {
            start = Math.Min(start, size);
            return value.slice(axis, start, Math.Clamp(end, start, size), Math.Min(step, Math.Max(1, size)));
        }

        if (step == 0)
        {
            throw new ArgumentException("a step of 0 goes nowhere.");
        }

        // Backwards is forwards through the flipped axis.
        start = Math.Min(start, size - 1);
        end = Math.Min(end, start);
        return value.flip(axis).slice(axis, size - 1 - start, size - 1 - end, Math.Min(step == long.MinValue ? long.MaxValue : -step, Math.Max(1, size)));
    }
}
