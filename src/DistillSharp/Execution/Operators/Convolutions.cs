using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Execution.Operators;

/// <summary>Conv over one, two or three axes.</summary>
internal static class Convolutions
{
    [Operator("Conv", Note = "over 1, 2 or 3 axes")]
    public static Kernel Conv(NodeContext node)
    {
        int x = node.Input(0), weight = node.Input(1), bias = node.OptionalInput(2), y = node.Output(0);
        var convolve = Compile(node);
        return frame => frame[y] = convolve(frame[x], frame[weight], frame.Optional(bias));
    }

    /// <summary>A convolution as a function of input, filters and bias; the caller owns what it gives.</summary>
    /// <param name="node">The node, of which only the attributes are read.</param>
    internal static Func<Tensor, Tensor, Tensor?, Tensor> Compile(NodeContext node)
    {
        var window = Window.Of(node);
        long groups = node.Node.Int("group", 1);
        if (window.Plain(node.Node.Ints("kernel_shape")?.Count) is var (strides, pads, dilations))
        {
            return ConvolutionPadding.Guard((x, weight, bias) => conv2d(x, weight, bias, strides, pads, dilations, groups), groups);
        }

        return (x, weight, bias) =>
        {
            using var scope = NewDisposeScope();
            var place = window.At(x.shape[2..], weight.shape[2..]);
            return Slide(place.Pad(x, 0), weight, bias, place.Strides, place.Dilations, groups).MoveToOuterDisposeScope();
        };
    }

    /// <summary>A convolution of an input that is padded already.</summary>
    internal static Tensor Slide(Tensor x, Tensor weight, Tensor? bias, long[] strides, long[] dilations, long groups) => strides.Length switch
    {
        1 => ConvolutionPadding.Guard((x, weight, bias) => conv1d(x, weight, bias, strides[0], 0, dilations[0], groups), groups)(x, weight, bias),
        2 => ConvolutionPadding.Guard((x, weight, bias) => conv2d(x, weight, bias, strides, [0, 0], dilations, groups), groups)(x, weight, bias),
        3 => ConvolutionPadding.Guard((x, weight, bias) => conv3d(x, weight, bias, strides, [0, 0, 0], dilations, groups), groups)(x, weight, bias),
        var rank => throw new ArgumentException($"a convolution over {rank} axes is not covered; over 1, 2 or 3 it is."),
    };
}
