using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>MaxUnpool: maxima back at the places a MaxPool gave, zeros elsewhere.</summary>
internal static class Unpoolings
{
    [Operator("MaxUnpool", Note = "places count in the size that the windows cover, also where a larger one is stated")]
    public static Kernel MaxUnpool(NodeContext node)
    {
        var window = Window.Of(node);
        long[] kernel = MaxPoolings.KernelOf(node);
        int x = node.Input(0), indices = node.Input(1);
        var stated = node.Integers(2);
        return Scoped.One(node, frame =>
        {
            var value = frame[x];
            long[] covered = Covered(value.shape, window, kernel), sizes = stated(frame) ?? covered;
            if (!frame[indices].shape.AsSpan().SequenceEqual(value.shape))
            {
                throw new ArgumentException($"places [{string.Join(", ", frame[indices].shape)}] are not one for each of [{string.Join(", ", value.shape)}].");
            }

            if (sizes.Length != covered.Length || sizes.Any(size => size < 0))
            {
                throw new ArgumentException($"the output shape [{string.Join(", ", sizes)}] does not fit [{string.Join(", ", covered)}].");
            }

            long count = RuntimeShape.Count(covered);
            var places = Indexing.Counted(frame[indices].reshape(-1), count, value);
            var whole = value.new_zeros(count).scatter(0, places, value.reshape(-1)).reshape(covered);
            return Pads.Around(whole, new long[covered.Length], [.. sizes.Zip(covered, (size, own) => size - own)], 0);
        });
    }

    private static long[] Covered(long[] shape, Window window, long[] kernel)
    {
        int rank = kernel.Length;
        if (shape.Length != rank + 2)
        {
            throw new ArgumentException($"a window of {rank} axes does not fit [{string.Join(", ", shape)}].");
        }

        long[] strides = Window.Sized(window.Strides, rank, 1, "strides"), pads = Window.Sized(window.Pads, 2 * rank, 0, "pads");
        long[] sizes = [.. Enumerable.Range(0, rank).Select(i => checked(((shape[i + 2] - 1) * strides[i]) + kernel[i] - pads[i] - pads[rank + i]))];
        return sizes.All(size => size >= 0) ? [shape[0], shape[1], .. sizes] : throw new ArgumentException($"its padding leaves sizes of [{string.Join(", ", sizes)}].");
    }
}
