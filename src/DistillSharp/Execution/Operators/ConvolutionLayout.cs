using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Chooses the layout that a convolution runs in, where libtorch's ordinary one is wrong (<see cref="ConvolutionCheck"/>).</summary>
internal static class ConvolutionLayout
{
    // oneDNN's kernels work on blocks of so many channels; only a last block that is not full goes wrong.
    private const long Block = 16;

    /// <summary>A convolution of input, filters and bias, made to run channels-last where it has to.</summary>
    /// <param name="convolve">The convolution, over two axes or three.</param>
    /// <param name="groups">The groups of channels: more than one go other ways in libtorch, which are right.</param>
    /// <param name="transposed">Whether it is transposed: then the input's channels are the filters' first axis.</param>
    public static Func<Tensor, Tensor, Tensor?, Tensor> Guard(Func<Tensor, Tensor, Tensor?, Tensor> convolve, long groups, bool transposed = false) => groups > 1 || !ConvolutionCheck.IsOrdinaryLayoutWrong ? convolve : (x, weight, bias) =>
    {
        if (!IsAtRisk(x, weight))
        {
            return convolve(x, weight, bias);
        }

        using var scope = NewDisposeScope();
        if (x.shape[1] == 1)
        {
            // One channel looks the same in both layouts: a second, of zeros, tells them apart.
            (x, weight) = (cat([x, zeros_like(x)], 1), cat([weight, zeros_like(weight)], transposed ? 0 : 1));
        }

        return convolve(ChannelsLast(x), ChannelsLast(weight), bias).contiguous().MoveToOuterDisposeScope();
    };

    /// <summary>Whether a convolution over one axis must be written as one over two: channels-last takes two or three.</summary>
    public static bool NeedsTwoAxes(Tensor x, Tensor weight, long groups) => groups == 1 && ConvolutionCheck.IsOrdinaryLayoutWrong && x.dim() == 3 && IsAtRisk(x, weight);

    /// <summary>Kernels of one element go other ways in libtorch, which are right.</summary>
    private static bool IsAtRisk(Tensor x, Tensor weight)
    {
        long[] filters = weight.shape;
        return x.dtype == ScalarType.Float32 && x.device_type == TorchSharp.DeviceType.CPU && x.NumberOfElements > 0 && filters.Skip(2).Any(size => size > 1)
            && (filters[0] % Block != 0 || filters[1] % Block != 0);
    }

    /// <summary>The same values, the channels of a place side by side in memory.</summary>
    private static Tensor ChannelsLast(Tensor x)
    {
        int rank = (int)x.dim();
        long[] last = [0, .. Enumerable.Range(2, rank - 2).Select(axis => (long)axis), 1], back = [0, rank - 1, .. Enumerable.Range(1, rank - 2).Select(axis => (long)axis)];
        return x.permute(last).contiguous().permute(back);
    }
}
