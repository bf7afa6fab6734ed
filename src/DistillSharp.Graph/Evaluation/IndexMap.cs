namespace DistillSharp.Graph.Evaluation;

/// <summary>Where each element of a rearranged tensor comes from: transposing, slicing, gathering, expanding and tiling are all this.</summary>
/// <param name="Shape">The shape of what comes out.</param>
/// <param name="Sources">For each of its elements, in C order, the place in the source.</param>
internal sealed record IndexMap(long[] Shape, int[] Sources)
{
    /// <summary>The map of which every axis is a list of offsets into the source; the offsets add up.</summary>
    /// <param name="axes">For each axis of what comes out, the offset of each position.</param>
    public static IndexMap Of(IReadOnlyList<int[]> axes)
    {
        long[] shape = [.. axes.Select(axis => (long)axis.Length)];
        int[] sources = [0];
        foreach (int[] axis in axes)
        {
            int[] finer = new int[checked(sources.Length * axis.Length)];
            for (int i = 0, at = 0; i < sources.Length; i++)
            {
                foreach (int offset in axis)
                {
                    finer[at++] = sources[i] + offset;
                }
            }

            sources = finer;
        }

        return new(shape, sources);
    }

    /// <summary>The distance between neighbours along each axis, in elements.</summary>
    public static int[] Strides(IReadOnlyList<long> shape)
    {
        int[] strides = new int[shape.Count];
        int step = 1;
        for (int i = shape.Count - 1; i >= 0; i--)
        {
            strides[i] = step;
            step = checked(step * (int)Math.Max(1, shape[i]));
        }

        return strides;
    }

    /// <summary>An axis as it lies in the source.</summary>
    public static int[] Whole(long size, int stride) => [.. Enumerable.Range(0, checked((int)size)).Select(i => i * stride)];

    /// <summary>The rearranged elements.</summary>
    public T[] Apply<T>(ReadOnlySpan<T> source)
    {
        var result = new T[Sources.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = source[Sources[i]];
        }

        return result;
    }

    /// <summary>The rearranged tensor.</summary>
    public TensorData Apply(TensorData source)
    {
        int size = TensorData.SizeOf(source.Type);
        byte[] bytes = new byte[checked(Sources.Length * size)];
        for (int i = 0; i < Sources.Length; i++)
        {
            source.Bytes.Slice(Sources[i] * size, size).CopyTo(bytes.AsSpan(i * size));
        }

        return new(source.Type, Shape, bytes);
    }
}
