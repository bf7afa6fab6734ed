using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Fills up the channels of a convolution with zeros, where libtorch is wrong about channels that are not a multiple of 16 (<see cref="ConvolutionCheck"/>).</summary>
internal static class ConvolutionPadding
{
    // oneDNN's kernels work on blocks of so many channels; only a last block that is not full goes wrong.
    private const long Block = 16;

    /// <summary>A convolution of input, filters and bias, made to run on full blocks of channels where it has to.</summary>
    /// <param name="convolve">The convolution.</param>
    /// <param name="groups">The groups of channels: more than one go other ways in libtorch, which are right.</param>
    /// <param name="transposed">Whether it is transposed: then the input's channels are the filters' first axis, and the output's their second.</param>
    public static Func<Tensor, Tensor, Tensor?, Tensor> Guard(Func<Tensor, Tensor, Tensor?, Tensor> convolve, long groups, bool transposed = false) => groups > 1 || !ConvolutionCheck.IsWrong ? convolve : (x, weight, bias) =>
    {
        long[] filters = weight.shape;
        if (filters.Length < 3 || x.dim() != filters.Length)
        {
            // Refused by libtorch, in its own words.
            return convolve(x, weight, bias);
        }

        var (from, to) = transposed ? (filters[0], filters[1]) : (filters[1], filters[0]);
        long inputs = Missing(from, ofReduction: transposed), outputs = Missing(to, ofReduction: !transposed);
        if ((inputs == 0 && outputs == 0) || x.dtype != ScalarType.Float32 || x.device_type != TorchSharp.DeviceType.CPU || x.NumberOfElements == 0 || filters.Skip(2).All(size => size == 1))
        {
            return convolve(x, weight, bias);
        }

        using var scope = NewDisposeScope();
        var full = convolve(
            Filled(x, 1, inputs),
            Filled(Filled(weight, transposed ? 0 : 1, inputs), transposed ? 1 : 0, outputs),
            bias is null ? null : Filled(bias, 0, outputs));
        return (outputs > 0 ? full.narrow(1, 0, to).contiguous() : full).MoveToOuterDisposeScope();
    };

    /// <summary>The channels that a last block lacks. Channels that only a forward pass reads may be fewer than a block: kernels of their own handle these.</summary>
    private static long Missing(long channels, bool ofReduction) => channels % Block == 0 || (!ofReduction && channels < Block) ? 0 : Block - (channels % Block);

    private static Tensor Filled(Tensor values, int axis, long count)
    {
        if (count == 0)
        {
            return values;
        }

        long[] shape = values.shape;
        shape[axis] = count;
        return cat([values, zeros(shape, values.dtype, values.device)], axis);
    }
}
