using DistillSharp.Graph;
using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Pad: with a number, the reflection, the edge or the other end. A negative pad cuts.</summary>
internal static class Pads
{
    [Operator("Pad")]
    public static Kernel Pad(NodeContext node)
    {
        string mode = node.Node.Text("mode", "constant");
        if (mode is not ("constant" or "reflect" or "edge" or "wrap"))
        {
            throw node.Refuse($"mode '{mode}' is not known; constant, reflect, edge and wrap are.");
        }

        // Up to opset 10 pads and number are attributes.
        bool inputs = node.Opset >= 11;
        double number = node.Number("value", 0);
        var pads = node.Integers("pads", 1, since: 11);
        var axes = inputs ? node.Integers(3) : _ => null;
        int x = node.Input(0), value = inputs ? node.OptionalInput(2) : -1;
        return Scoped.One(node, frame =>
        {
            var input = frame[x];
            var (begin, end) = Sides(pads(frame) ?? [], axes(frame), (int)input.dim());
            if (mode == "constant")
            {
                var given = frame.Optional(value);
                if (given is { requires_grad: true })
                {
                    var outside = Around(zeros_like(input), begin, end, 1);
                    return Around(input, begin, end, 0).Plus(outside.mul(given.reshape([])));
                }

                return Around(input, begin, end, given is null ? (inputs ? 0 : number) : RuntimeShape.ReadNumber(given));
            }

            for (int axis = 0; axis < begin.Length; axis++)
            {
                if (begin[axis] != 0 || end[axis] != 0)
                {
                    long[] picks = Picks(mode, input.shape[axis], begin[axis], end[axis]);
                    input = input.index_select(axis, torch.tensor(picks, device: input.device));
                }
            }

            return input;
        });
    }

    /// <summary>Adds elements around the last axes of a value; negative counts cut.</summary>
    /// <param name="x">The value.</param>
    /// <param name="begin">Elements before the first, for each of the last axes.</param>
    /// <param name="end">Elements after the last, for each of the last axes.</param>
    /// <param name="filling">What the new elements are.</param>
    internal static Tensor Around(Tensor x, long[] begin, long[] end, double filling)
    {
        if (begin.All(size => size == 0) && end.All(size => size == 0))
        {
            return x;
        }

        // libtorch wants the last axis first.
        long[] order = [.. Enumerable.Range(1, begin.Length).SelectMany(i => new[] { begin[^i], end[^i] })];
        return nn.functional.pad(x, order, PaddingModes.Constant, filling);
    }

    private static (long[] Begin, long[] End) Sides(long[] pads, long[]? axes, int rank)
    {
        int[] named = axes is null ? [.. Enumerable.Range(0, rank)] : RuntimeShape.Axes(axes, rank);
        if (pads.Length != 2 * named.Length)
        {
            throw new ArgumentException($"pads [{string.Join(", ", pads)}] do not fit {named.Length} axes; two for every axis do.");
        }

        long[] begin = new long[rank], end = new long[rank];
        for (int i = 0; i < named.Length; i++)
        {
            (begin[named[i]], end[named[i]]) = (pads[i], pads[named.Length + i]);
        }

        return (begin, end);
    }

    private static long[] Picks(string mode, long size, long begin, long end)
    {
        long count = checked(size + begin + end);
        if (size == 0 || count < 0 || count > int.MaxValue)
        {
            throw new ArgumentException($"{begin} and {end} elements cannot be added to {size} by '{mode}'.");
        }

        long period = Math.Max(1, 2 * (size - 1));
        return [.. Enumerable.Range(0, (int)count).Select(i => i - begin).Select(i => mode switch
        {
            "edge" => Math.Clamp(i, 0, size - 1),
            "wrap" => Modulo(i, size),
            _ => Modulo(i, period) is var turn && turn < size ? turn : period - Modulo(i, period),
        })];
    }

    private static long Modulo(long value, long divisor) => ((value % divisor) + divisor) % divisor;
}
