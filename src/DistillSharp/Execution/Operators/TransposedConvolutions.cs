using DistillSharp.Native;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Execution.Operators;

/// <summary>ConvTranspose over one, two or three axes.</summary>
internal static class TransposedConvolutions
{
    [Operator("ConvTranspose", Note = "over 1, 2 or 3 axes; an output longer than the kernel reaches ends in the bias")]
    public static Kernel ConvTranspose(NodeContext node)
    {
        var window = Window.Of(node);
        long groups = node.Node.Int("group", 1);
        long[]? extra = node.Node.Ints("output_padding")?.ToArray(), wanted = node.Node.Ints("output_shape")?.ToArray();
        int x = node.Input(0), weight = node.Input(1), bias = node.OptionalInput(2), y = node.Output(0);
        if (wanted is null && (extra is null || extra.All(size => size == 0)) && window.Plain(node.Node.Ints("kernel_shape")?.Count) is var (strides, pads, dilations))
        {
            var convolve = ConvolutionPadding.Guard((x, weight, bias) => conv_transpose2d(x, weight, bias, strides, pads, [0, 0], dilations, groups), groups, transposed: true);
            return frame => frame[y] = convolve(frame[x], frame[weight], frame.Optional(bias));
        }

        return Scoped.One(node, frame =>
        {
            Tensor input = frame[x], filters = frame[weight];
            int rank = (int)input.dim() - 2;
            long[] steps = Window.Sized(window.Strides, rank, 1, "strides"), spread = Window.Sized(window.Dilations, rank, 1, "dilations");
            var whole = Spread(input, filters, steps, spread, groups);
            var (begin, output) = Cut(window, input.shape[2..], whole.shape[2..], Window.Sized(extra, rank, 0, "output_padding"), wanted, steps);
            long[] end = [.. output.Select((size, i) => size + begin[i] - whole.shape[i + 2])];
            var result = Pads.Around(whole, [.. begin.Select(size => -size)], end, 0);
            return frame.Optional(bias) is { } b ? result.Plus(b.reshape(RuntimeShape.Along(rank + 1, 0, b.numel()))) : result;
        });
    }

    /// <summary>How much goes off before the first element of every axis, and how many then stay (or are added as zeros).</summary>
    private static (long[] Begin, long[] Output) Cut(Window window, long[] sizes, long[] whole, long[] extra, long[]? wanted, long[] strides)
    {
        int rank = sizes.Length;
        long[] pads = Window.Sized(window.Pads, 2 * rank, 0, "pads"), begin = new long[rank], output = new long[rank];
        bool same = window.AutoPad.StartsWith("SAME", StringComparison.Ordinal);
        for (int i = 0; i < rank; i++)
        {
            if (wanted is null && !same)
            {
                (begin[i], output[i]) = (pads[i], whole[i] + extra[i] - pads[i] - pads[rank + i]);
                continue;
            }

            // An output_shape may also name batch and channels.
            output[i] = wanted is null ? sizes[i] * strides[i] : wanted[wanted.Length - rank + i];
            long total = Math.Max(0, whole[i] + extra[i] - output[i]);
            begin[i] = window.AutoPad == "SAME_UPPER" ? total / 2 : total - (total / 2);
        }

        return (begin, output);
    }

    private static Tensor Spread(Tensor x, Tensor weight, long[] strides, long[] dilations, long groups) => strides.Length switch
    {
        1 => ConvolutionPadding.Guard((x, weight, bias) => conv_transpose1d(x, weight, bias, strides[0], 0, 0, dilations[0], groups), groups, transposed: true)(x, weight, null),
        2 => ConvolutionPadding.Guard((x, weight, bias) => conv_transpose2d(x, weight, bias, strides, [0, 0], [0, 0], dilations, groups), groups, transposed: true)(x, weight, null),
        3 => ConvolutionPadding.Guard((x, weight, bias) => conv_transpose3d(x, weight, bias, strides, [0, 0, 0], [0, 0, 0], dilations, groups), groups, transposed: true)(x, weight, null),
        var rank => throw new ArgumentException($"a convolution over {rank} axes is not covered; over 1, 2 or 3 it is."),
    };
}
