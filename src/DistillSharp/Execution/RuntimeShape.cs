using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution;

/// <summary>Shapes, axes and pads that are known only when the graph runs: read from tensors, counted and checked.</summary>
internal static class RuntimeShape
{
    /// <summary>The most numbers a shape, a list of axes or of pads may have: far above any rank.</summary>
    private const long Longest = 4096;

    /// <summary>The integers of a tensor.</summary>
    /// <param name="values">The tensor, of any shape.</param>
    public static long[] Read(Tensor values)
    {
        CheckLength(values);
        using var host = values.to(ScalarType.Int64, CPU);
        using var whole = host.contiguous();
        return whole.numel() == 0 ? [] : [.. whole.data<long>()];
    }

    /// <summary>The numbers of a tensor.</summary>
    /// <param name="values">The tensor, of any shape.</param>
    public static double[] ReadNumbers(Tensor values)
    {
        CheckLength(values);
        using var detached = values.detach();
        using var host = detached.to(ScalarType.Float64, CPU);
        using var whole = host.contiguous();
        return whole.numel() == 0 ? [] : [.. whole.data<double>()];
    }

    /// <summary>The only number of a tensor.</summary>
    /// <param name="value">The tensor.</param>
    public static double ReadNumber(Tensor value) =>
        ReadNumbers(value) is [var number] ? number : throw new ArgumentException($"a single number was expected, but [{string.Join(", ", value.shape)}] was given.");

    /// <summary>An axis counted from the front.</summary>
    /// <param name="axis">The axis; negative ones count from the back.</param>
    /// <param name="rank">The number of axes.</param>
    public static int Axis(long axis, long rank) =>
        axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw new ArgumentException($"axis {axis} does not exist; there are {rank}.");

    /// <summary>Axes counted from the front, each once.</summary>
    /// <param name="axes">The axes; negative ones count from the back.</param>
    /// <param name="rank">The number of axes.</param>
    public static int[] Axes(IReadOnlyList<long> axes, long rank)
    {
        int[] counted = [.. axes.Select(axis => Axis(axis, rank))];
        return counted.Distinct().Count() == counted.Length ? counted : throw new ArgumentException($"the axes [{string.Join(", ", axes)}] name one twice.");
    }

    /// <summary>The shape two shapes are broadcast to.</summary>
    /// <param name="a">One shape.</param>
    /// <param name="b">The other.</param>
    public static long[] Broadcast(long[] a, long[] b)
    {
        long[] shape = new long[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= shape.Length; i++)
        {
            long left = i <= a.Length ? a[^i] : 1, right = i <= b.Length ? b[^i] : 1;
            shape[^i] = left == right || right == 1 ? left : left == 1 ? right
                : throw new ArgumentException($"[{string.Join(", ", a)}] and [{string.Join(", ", b)}] cannot be broadcast.");
        }

        return shape;
    }

    /// <summary>The number of channels of a value.</summary>
    /// <param name="x">The value, <c>[N, C, …]</c>.</param>
    public static long Channels(Tensor x) => x.dim() >= 2 ? x.shape[1] : throw new ArgumentException($"[{string.Join(", ", x.shape)}] has no channels; [N, C, …] has.");

    /// <summary>The number of elements of a shape.</summary>
    /// <param name="shape">The sizes.</param>
    public static long Count(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long size in shape)
        {
            count = checked(count * size);
        }

        return count;
    }

    /// <summary>A shape of ones but for one axis, for what is broadcast along the others.</summary>
    /// <param name="rank">The number of axes.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="size">Its size.</param>
    public static long[] Along(long rank, int axis, long size)
    {
        long[] shape = new long[rank];
        Array.Fill(shape, 1);
        shape[axis] = size;
        return shape;
    }

    private static void CheckLength(Tensor values)
    {
        if (values.numel() > Longest)
        {
            throw new ArgumentException($"a shape or list of axes of {values.numel()} numbers was given; at most {Longest} are read.");
        }
    }
}
