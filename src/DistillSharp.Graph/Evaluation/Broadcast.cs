namespace DistillSharp.Graph.Evaluation;

/// <summary>ONNX's broadcasting of fixed shapes: aligned at the last axis, a size of 1 repeats.</summary>
internal static class Broadcast
{
    /// <summary>The common shape, or null if there is none.</summary>
    public static long[]? Shape(IReadOnlyList<long> a, IReadOnlyList<long> b)
    {
        long[] shape = new long[Math.Max(a.Count, b.Count)];
        for (int i = 0; i < shape.Length; i++)
        {
            long x = At(a, shape.Length, i), y = At(b, shape.Length, i);
            if (x != y && x != 1 && y != 1)
            {
                return null;
            }

            shape[i] = x == 1 ? y : x;
        }

        return shape;
    }

    /// <summary>From the broadcast shape to the tensor's own elements.</summary>
    public static IndexMap Map(IReadOnlyList<long> own, IReadOnlyList<long> shape)
    {
        int[] strides = IndexMap.Strides(own);
        int ahead = shape.Count - own.Count;
        return IndexMap.Of([.. shape.Select((size, i) => IndexMap.Whole(size, i < ahead || own[i - ahead] == 1 ? 0 : strides[i - ahead]))]);
    }

    private static long At(IReadOnlyList<long> shape, int rank, int index) => index - (rank - shape.Count) is var i && i < 0 ? 1 : shape[i];
}
