using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Execution.Operators;

/// <summary>AveragePool and LpPool over one, two or three axes.</summary>
internal static class AveragePoolings
{
    [Operator("AveragePool", Note = "over 1, 2 or 3 axes")]
    public static Kernel AveragePool(NodeContext node)
    {
        var window = Window.Of(node);
        long[] kernel = MaxPoolings.KernelOf(node);
        bool countPadding = node.Node.Int("count_include_pad", 0) != 0;
        int x = node.Input(0), y = node.Output(0);
        if (window.Plain(kernel.Length) is var (strides, pads, dilations) && dilations is [1, 1] && MaxPoolings.Fits(pads, kernel))
        {
            return frame => frame[y] = avg_pool2d(frame[x], kernel, strides, pads, window.Ceil, countPadding, null);
        }

        return Scoped.One(node, frame =>
        {
            var input = frame[x];
            long[] sizes = input.shape[2..];
            var place = window.At(sizes, kernel);
            var inside = ones([1, 1, .. sizes], input.dtype, input.device);
            var counted = countPadding ? Pads.Around(Pads.Around(inside, place.Begin, place.End, 1), new long[kernel.Length], place.Beyond, 0) : place.Pad(inside, 0);
            return Sums(place.Pad(input, 0), place).div(Sums(counted, place));
        });
    }

    [Operator("LpPool", Note = "over 1, 2 or 3 axes")]
    public static Kernel LpPool(NodeContext node)
    {
        var window = Window.Of(node);
        long[] kernel = MaxPoolings.KernelOf(node);
        double p = node.Node.Int("p", 2);
        int x = node.Input(0);
        return Scoped.One(node, frame =>
        {
            var place = window.At(frame[x].shape[2..], kernel);
            return Sums(place.Pad(frame[x].abs().pow(Number.Of(p)), 0), place).pow(Number.Of(1 / p));
        });
    }

    /// <summary>The sums over the window, as a convolution of every channel by itself with ones.</summary>
    private static Tensor Sums(Tensor padded, Placement place)
    {
        long[] shape = padded.shape;
        var planes = padded.reshape([shape[0] * shape[1], 1, .. shape[2..]]);
        var filter = ones([1, 1, .. place.Kernel], padded.dtype, padded.device);
        var sums = Convolutions.Slide(planes, filter, null, place.Strides, place.Dilations, 1);
        return sums.reshape([shape[0], shape[1], .. place.Output]);
    }
}
