namespace DistillSharp.Graph.Evaluation;

/// <summary>What Slice takes of one axis.</summary>
/// <param name="Start">The first position.</param>
/// <param name="Step">The distance to the next, not 0.</param>
/// <param name="Count">How many.</param>
internal readonly record struct SliceRange(long Start, long Step, long Count)
{
    /// <summary>The ranges of all axes, clamped as the operator says; null if an axis or a step is none.</summary>
    /// <param name="shape">The input's shape.</param>
    /// <param name="starts">The first positions, negative ones from the end.</param>
    /// <param name="ends">The positions before which to stop.</param>
    /// <param name="axes">The axes these are for; null for the first ones.</param>
    /// <param name="steps">The steps; null for 1.</param>
    public static SliceRange[]? Of(IReadOnlyList<long> shape, long[] starts, long[] ends, long[]? axes, long[]? steps)
    {
        var ranges = shape.Select(size => new SliceRange(0, 1, size)).ToArray();
        for (int i = 0; i < starts.Length; i++)
        {
            long axis = axes is null ? i : i < axes.Length ? axes[i] : long.MaxValue, step = steps is null ? 1 : i < steps.Length ? steps[i] : 0;
            if (axis < -shape.Count || axis >= shape.Count || step == 0 || i >= ends.Length)
            {
                return null;
            }

            axis = axis < 0 ? axis + shape.Count : axis;
            ranges[axis] = Clamp(shape[(int)axis], starts[i], ends[i], step);
        }

        return ranges;
    }

    /// <summary>The positions.</summary>
    public IEnumerable<int> Indices()
    {
        for (long i = 0; i < Count; i++)
        {
            yield return (int)(Start + (i * Step));
        }
    }

    private static SliceRange Clamp(long size, long start, long end, long step)
    {
        if (size == 0)
        {
            return new(0, 1, 0);
        }

        // From the end where negative, then into the axis; going backwards, -1 is the end before the first element.
        start = Math.Clamp(start < 0 ? start + size : start, 0, step < 0 ? size - 1 : size);
        end = Math.Clamp(end < 0 ? end + size : end, step < 0 ? -1 : 0, step < 0 ? size - 1 : size);
        return new(start, step, (long)Int128.Max(0, ((Int128)end - start + step - Math.Sign(step)) / step));
    }
}
