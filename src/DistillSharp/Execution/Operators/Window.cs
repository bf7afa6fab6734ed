using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>The sliding window of convolutions and poolings over <c>[N, C, D1, …]</c>, as a node states it; what it leaves out is null.</summary>
/// <param name="Strides">Elements between positions, an axis each.</param>
/// <param name="Dilations">Elements between those of the window, an axis each.</param>
/// <param name="Pads">Elements added: before the first of every axis, then after the last of every axis.</param>
/// <param name="AutoPad">NOTSET, VALID, SAME_UPPER or SAME_LOWER.</param>
/// <param name="Ceil">Whether a position that is partly beyond the end counts.</param>
internal sealed record Window(long[]? Strides, long[]? Dilations, long[]? Pads, string AutoPad, bool Ceil)
{
    /// <summary>Reads a node's attributes.</summary>
    public static Window Of(NodeContext node)
    {
        string autoPad = node.Node.Text("auto_pad", "NOTSET");
        if (autoPad is not ("NOTSET" or "VALID" or "SAME_UPPER" or "SAME_LOWER"))
        {
            throw node.Refuse($"auto_pad {autoPad} is not known; NOTSET, VALID, SAME_UPPER and SAME_LOWER are.");
        }

        long[]? strides = node.Node.Ints("strides")?.ToArray(), dilations = node.Node.Ints("dilations")?.ToArray(), pads = node.Node.Ints("pads")?.ToArray();
        if (strides?.Any(stride => stride < 1) == true || dilations?.Any(dilation => dilation < 1) == true)
        {
            throw node.Refuse($"strides [{string.Join(", ", strides ?? [])}] and dilations [{string.Join(", ", dilations ?? [])}] must be 1 or more.");
        }

        if (pads is { Length: var count } && count % 2 != 0)
        {
            throw node.Refuse($"pads [{string.Join(", ", pads)}] must be two for every axis.");
        }

        return new(strides, dilations, autoPad == "NOTSET" ? pads : null, autoPad, node.Node.Int("ceil_mode", 0) != 0);
    }

    /// <summary>The window of a pass over rows and columns that libtorch pads itself, or null: it must be padded alike on both sides.</summary>
    /// <param name="axes">The axes that something else tells the number of, or null.</param>
    public (long[] Strides, long[] Pads, long[] Dilations)? Plain(int? axes)
    {
        bool plane = (axes ?? Strides?.Length ?? Dilations?.Length ?? Pads?.Length / 2) == 2;
        long[] pads = Pads ?? [0, 0, 0, 0], strides = Strides ?? [1, 1], dilations = Dilations ?? [1, 1];
        bool fits = plane && pads.Length == 4 && strides.Length == 2 && dilations.Length == 2 && AutoPad is "NOTSET" or "VALID";
        return fits && pads[0] == pads[2] && pads[1] == pads[3] && pads[0] >= 0 && pads[1] >= 0 ? (strides, [pads[0], pads[1]], dilations) : null;
    }

    /// <summary>Where the window lies on sizes known at run time.</summary>
    /// <param name="sizes">The sizes of D1, ….</param>
    /// <param name="kernel">The window's own.</param>
    public Placement At(long[] sizes, long[] kernel)
    {
        int rank = sizes.Length;
        long[] strides = Sized(Strides, rank, 1, "strides"), dilations = Sized(Dilations, rank, 1, "dilations"), pads = Sized(Pads, 2 * rank, 0, "pads");
        if (kernel.Length != rank || kernel.Any(size => size < 1))
        {
            throw new ArgumentException($"a window [{string.Join(", ", kernel)}] does not slide over {rank} axes.");
        }

        long[] begin = new long[rank], end = new long[rank], beyond = new long[rank], output = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            long extent = checked(((kernel[i] - 1) * dilations[i]) + 1);
            (begin[i], end[i]) = AutoPad.StartsWith("SAME", StringComparison.Ordinal) ? Same(sizes[i], strides[i], extent) : (pads[i], pads[rank + i]);
            long room = sizes[i] + begin[i] + end[i] - extent;
            output[i] = room < 0 ? 0 : (room / strides[i]) + 1;
            if (Ceil && room >= 0 && room % strides[i] != 0 && output[i] * strides[i] < sizes[i] + begin[i])
            {
                // One more position, unless it would begin in the padding after the end.
                beyond[i] = ((output[i]++ * strides[i]) + extent) - (sizes[i] + begin[i] + end[i]);
            }
        }

        return new(kernel, strides, dilations, begin, end, beyond, output);
    }

    private (long Begin, long End) Same(long size, long stride, long extent)
    {
        long total = Math.Max(0, ((((size + stride - 1) / stride) - 1) * stride) + extent - size);
        return AutoPad == "SAME_UPPER" ? (total / 2, total - (total / 2)) : (total - (total / 2), total / 2);
    }

    internal static long[] Sized(long[]? values, int count, long fallback, string what) =>
        values is null ? [.. Enumerable.Repeat(fallback, count)]
        : values.Length == count ? values
        : throw new ArgumentException($"{what} [{string.Join(", ", values)}] do not fit: {count} were expected.");
}

/// <summary>A window on an input of known sizes; every list has a number for each axis.</summary>
/// <param name="Kernel">Its sizes.</param>
/// <param name="Strides">Elements between positions.</param>
/// <param name="Dilations">Elements between those of the window.</param>
/// <param name="Begin">Elements added before the first.</param>
/// <param name="End">Elements added after the last.</param>
/// <param name="Beyond">Elements further on that a rounded-up last position covers.</param>
/// <param name="Output">The number of positions.</param>
internal sealed record Placement(long[] Kernel, long[] Strides, long[] Dilations, long[] Begin, long[] End, long[] Beyond, long[] Output)
{
    /// <summary>The input with all that the window covers around it.</summary>
    /// <param name="x">The input, <c>[N, C, D1, …]</c>.</param>
    /// <param name="filling">What the new elements are.</param>
    public Tensor Pad(Tensor x, double filling) => Pads.Around(x, Begin, [.. End.Zip(Beyond, (end, beyond) => end + beyond)], filling);
}
