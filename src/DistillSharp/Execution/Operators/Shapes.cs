using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>The same elements in another shape: Flatten, Reshape, Squeeze, Unsqueeze, Identity; Expand and Tile; Shape and Size.</summary>
internal static class Shapes
{
    [Operator("Flatten")]
    public static Kernel Flatten(NodeContext node)
    {
        long axis = node.Node.Int("axis", 1);
        int x = node.Input(0), y = node.Output(0);
        return frame =>
        {
            var value = frame[x];
            long[] shape = value.shape;
            int first = axis == shape.Length ? shape.Length : RuntimeShape.Axis(axis, shape.Length);
            frame[y] = value.reshape(RuntimeShape.Count(shape.AsSpan(0, first)), RuntimeShape.Count(shape.AsSpan(first)));
        };
    }

    [Operator("Reshape")]
    public static Kernel Reshape(NodeContext node)
    {
        bool zeroCopies = node.Node.Int("allowzero", 0) == 0;
        int x = node.Input(0), y = node.Output(0);
        var wanted = node.Integers("shape", 1, since: 5);
        return frame =>
        {
            var value = frame[x];
            long[] sizes = wanted(frame) ?? throw new ArgumentException("no shape was given."), from = value.shape;
            frame[y] = value.reshape(Resolve(sizes, from, zeroCopies));
        };
    }

    [Operator("Squeeze")]
    public static Kernel Squeeze(NodeContext node)
    {
        int x = node.Input(0), y = node.Output(0);
        var named = node.Integers("axes", 1, since: 13);
        return frame =>
        {
            long[] shape = frame[x].shape;
            int[] axes = named(frame) is { } given
                ? RuntimeShape.Axes(given, shape.Length)
                : [.. Enumerable.Range(0, shape.Length).Where(axis => shape[axis] == 1)];
            if (axes.Any(axis => shape[axis] != 1))
            {
                throw new ArgumentException($"the axes [{string.Join(", ", axes)}] are not all of size 1.");
            }

            frame[y] = frame[x].reshape([.. shape.Where((_, axis) => !axes.Contains(axis))]);
        };
    }

    [Operator("Unsqueeze")]
    public static Kernel Unsqueeze(NodeContext node)
    {
        int x = node.Input(0), y = node.Output(0);
        var named = node.Integers("axes", 1, since: 13);
        return frame =>
        {
            long[] shape = frame[x].shape, given = named(frame) ?? throw new ArgumentException("no axes were given.");
            int[] axes = RuntimeShape.Axes(given, shape.Length + given.Length);
            var rest = shape.AsEnumerable().GetEnumerator();
            frame[y] = frame[x].reshape([.. Enumerable.Range(0, shape.Length + axes.Length).Select(axis => axes.Contains(axis) ? 1 : rest.MoveNext() ? rest.Current : 1)]);
        };
    }

    [Operator("Identity")]
    public static Kernel Identity(NodeContext node) => Activations.Unary(node, static x => x.alias());

    [Operator("Expand")]
    public static Kernel Expand(NodeContext node)
    {
        int x = node.Input(0), y = node.Output(0);
        var wanted = node.Integers(1);
        return frame => frame[y] = frame[x].expand(RuntimeShape.Broadcast(frame[x].shape, wanted(frame)!));
    }

    [Operator("Tile")]
    public static Kernel Tile(NodeContext node)
    {
        int x = node.Input(0), y = node.Output(0);
        var repeats = node.Integers(1);
        return frame =>
        {
            long[] counts = repeats(frame)!;
            if (counts.Length != frame[x].dim() || counts.Any(count => count < 0))
            {
                throw new ArgumentException($"repeats [{string.Join(", ", counts)}] do not fit; one for every axis, 0 or more, does.");
            }

            frame[y] = frame[x].repeat(counts);
        };
    }

    /// <summary>On the host, where shape arithmetic runs.</summary>
    [Operator("Shape")]
    public static Kernel Shape(NodeContext node)
    {
        long start = node.Node.Int("start", 0), end = node.Node.Int("end", long.MaxValue);
        int x = node.Input(0), y = node.Output(0);
        return frame =>
        {
            long[] shape = frame[x].shape;
            int Clamp(long place) => (int)Math.Clamp(place < 0 ? place + shape.Length : place, 0, shape.Length);
            int first = Clamp(start), last = Math.Max(first, Clamp(end));
            frame[y] = torch.tensor(shape[first..last], ScalarType.Int64);
        };
    }

    [Operator("Size")]
    public static Kernel Size(NodeContext node) => Activations.Unary(node, static x => torch.tensor(x.numel(), ScalarType.Int64));

    /// <summary>The sizes a Reshape asks for: 0 copies, -1 is what remains.</summary>
    private static long[] Resolve(long[] wanted, long[] from, bool zeroCopies)
    {
        long[] sizes = [.. wanted.Select((size, i) => size != 0 || !zeroCopies ? size
            : i < from.Length ? from[i]
            : throw new ArgumentException($"the shape [{string.Join(", ", wanted)}] copies an axis that [{string.Join(", ", from)}] does not have."))];
        int free = Array.IndexOf(sizes, -1);
        if (free >= 0)
        {
            sizes[free] = 1;
            long count = RuntimeShape.Count(sizes), whole = RuntimeShape.Count(from);
            sizes[free] = count == 0 ? 0 : whole % count == 0 ? whole / count : throw new ArgumentException($"{whole} elements do not fit the shape [{string.Join(", ", wanted)}].");
        }

        return sizes.All(size => size >= 0) ? sizes : throw new ArgumentException($"the shape [{string.Join(", ", wanted)}] has more than one free size.");
    }
}
