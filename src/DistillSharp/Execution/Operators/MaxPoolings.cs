using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Execution.Operators;

/// <summary>MaxPool over one, two or three axes, with the places of the maxima.</summary>
internal static class MaxPoolings
{
    [Operator("MaxPool", Note = "over 1, 2 or 3 axes, with indices")]
    public static Kernel MaxPool(NodeContext node)
    {
        var window = Window.Of(node);
        long[] kernel = KernelOf(node);
        bool columns = node.Node.Int("storage_order", 0) != 0;
        int x = node.Input(0), y = node.Output(0);
        bool places = node.OptionalOutput(1) >= 0;
        var general = Scoped.Several(node, frame => General(frame[x], window, kernel, columns, places));
        if (places || window.Plain(kernel.Length) is not var (strides, pads, dilations) || !Fits(pads, kernel))
        {
            return general;
        }

        return frame =>
        {
            if (frame[x].is_floating_point())
            {
                frame[y] = max_pool2d(frame[x], kernel, strides, pads, dilations, window.Ceil);
            }
            else
            {
                general(frame);
            }
        };
    }

    /// <summary>The window's sizes, which a pooling must state.</summary>
    internal static long[] KernelOf(NodeContext node) =>
        node.Node.Ints("kernel_shape")?.ToArray() is { Length: >= 1 and <= 3 } kernel && kernel.All(size => size > 0)
            ? kernel : throw node.Refuse("it needs a kernel_shape of 1, 2 or 3 sizes.");

    /// <summary>Whether libtorch pads this far: no further than half a window.</summary>
    internal static bool Fits(long[] pads, long[] kernel) => pads.Zip(kernel).All(pair => 2 * pair.First <= pair.Second);

    private static Tensor[] General(Tensor input, Window window, long[] kernel, bool columns, bool places)
    {
        long[] shape = input.shape;
        var place = window.At(shape[2..], kernel);
        var floating = input.is_floating_point() ? input : input.to(ScalarType.Float64);
        var padded = place.Pad(floating, double.NegativeInfinity);
        var (values, flat) = Slide(padded, place);
        var result = values.to(input.dtype);
        return places ? [result, Indices(flat, shape, padded.shape, place.Begin, columns)] : [result];
    }

    private static (Tensor Values, Tensor Indices) Slide(Tensor x, Placement place)
    {
        switch (place.Kernel.Length)
        {
            case 1:
                var (values, indices) = max_pool2d_with_indices(x.unsqueeze(2), [1, place.Kernel[0]], [1, place.Strides[0]], [0, 0], [1, place.Dilations[0]]);
                return (values.squeeze(2), indices.squeeze(2));
            case 2:
                return max_pool2d_with_indices(x, place.Kernel, place.Strides, [0, 0], place.Dilations);
            default:
                return max_pool3d_with_indices(x, place.Kernel, place.Strides, [0, 0, 0], place.Dilations);
        }
    }

    /// <summary>From places in the padded window's plane to places in the whole input.</summary>
    private static Tensor Indices(Tensor flat, long[] shape, long[] padded, long[] begin, bool columns)
    {
        int rank = begin.Length;
        var rest = flat;
        Tensor result = zeros_like(flat);
        long[] strides = new long[rank];
        long stride = 1;
        for (int i = 0; i < rank; i++)
        {
            int axis = columns ? i : rank - 1 - i;
            strides[axis] = stride;
            stride *= shape[axis + 2];
        }

        for (int axis = rank - 1; axis >= 0; axis--)
        {
            result = result.Plus(rest.remainder(Number.Of(padded[axis + 2])).sub(Number.Of(begin[axis])).mul(Number.Of(strides[axis])));
            rest = rest.div(Number.Of(padded[axis + 2]), RoundingMode.floor);
        }

        var planes = arange(Number.Of(0L), Number.Of(shape[0] * shape[1]), Number.One, ScalarType.Int64, flat.device).reshape([shape[0], shape[1], .. Enumerable.Repeat(1L, rank)]);
        return result.Plus(planes.mul(Number.Of(stride)));
    }
}
