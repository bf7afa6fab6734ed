namespace DistillSharp.Graph.Evaluation;

/// <summary>Operators that move elements without changing them.</summary>
internal static class LayoutRules
{
    public static IReadOnlyDictionary<string, Func<ConstantNode, TensorData>> All { get; } = new Dictionary<string, Func<ConstantNode, TensorData>>(StringComparer.Ordinal)
    {
        ["Identity"] = c => c.X.Clone(),
        ["Reshape"] = Reshape,
        ["Flatten"] = Flatten,
        ["Squeeze"] = Squeeze,
        ["Unsqueeze"] = Unsqueeze,
        ["Transpose"] = Transpose,
        ["Slice"] = Slice,
        ["Gather"] = Gather,
        ["Expand"] = Expand,
        ["Tile"] = Tile,
        ["Concat"] = Concat,
    };

    public static TensorData[] Split(ConstantNode c)
    {
        int axis = ConstantNode.Axis(c.Node.Int("axis", 0), c.X.Shape.Count), parts = c.Node.Outputs.Count;
        long size = c.X.Shape[axis], each = (size + parts - 1) / parts;
        long[] sizes = c.Integers(1, "split") ?? [.. Enumerable.Range(0, parts).Select(i => Math.Clamp(size - (each * i), 0, each))];
        if (sizes.Length != parts || sizes.Any(part => part < 0) || sizes.Sum() != size)
        {
            throw new NotConstantException();
        }

        c.Require(c.X.Shape);
        long start = 0;
        return [.. sizes.Select(part => Along(c.X, axis, Enumerable.Range((int)((start += part) - part), (int)part)))];
    }

    private static TensorData Shaped(ConstantNode c, IReadOnlyList<long> shape)
    {
        c.Require(shape);
        return TensorData.CountOf([.. shape]) == c.X.Count ? new(c.X.Type, [.. shape], c.X.Bytes.ToArray()) : throw new NotConstantException();
    }

    private static TensorData Reshape(ConstantNode c)
    {
        long[] shape = c.Integers(1, "shape") ?? throw new NotConstantException();
        bool zeros = c.Node.Int("allowzero", 0) != 0;
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = shape[i] != 0 || zeros ? shape[i] : i < c.X.Shape.Count ? c.X.Shape[i] : throw new NotConstantException();
        }

        int open = Array.IndexOf(shape, -1);
        if (open >= 0)
        {
            long told = shape.Where((_, i) => i != open).Aggregate(1L, (product, size) => checked(product * size));
            shape[open] = told > 0 ? c.X.Count / told : throw new NotConstantException();
        }

        return Shaped(c, shape);
    }

    private static TensorData Flatten(ConstantNode c)
    {
        long axis = c.Node.Int("axis", 1);
        int at = axis == c.X.Shape.Count ? c.X.Shape.Count : ConstantNode.Axis(axis, c.X.Shape.Count);
        return Shaped(c, [TensorData.CountOf([.. c.X.Shape.Take(at)]), TensorData.CountOf([.. c.X.Shape.Skip(at)])]);
    }

    private static TensorData Squeeze(ConstantNode c)
    {
        int rank = c.X.Shape.Count;
        var axes = c.Integers(1, "axes")?.Select(axis => ConstantNode.Axis(axis, rank)).ToHashSet() ?? [.. Enumerable.Range(0, rank).Where(i => c.X.Shape[i] == 1)];
        return Shaped(c, [.. c.X.Shape.Where((_, i) => !axes.Contains(i))]);
    }

    private static TensorData Unsqueeze(ConstantNode c)
    {
        long[] told = c.Integers(1, "axes") ?? throw new NotConstantException();
        int rank = c.X.Shape.Count + told.Length;
        var axes = told.Select(axis => ConstantNode.Axis(axis, rank)).ToHashSet();
        int next = 0;
        return axes.Count == told.Length ? Shaped(c, [.. Enumerable.Range(0, rank).Select(i => axes.Contains(i) ? 1 : c.X.Shape[next++])]) : throw new NotConstantException();
    }

    private static TensorData Transpose(ConstantNode c)
    {
        int rank = c.X.Shape.Count;
        int[] order = c.Node.Ints("perm") is { } perm ? [.. perm.Select(axis => ConstantNode.Axis(axis, rank))] : [.. Enumerable.Range(0, rank).Reverse()];
        if (order.Length != rank || order.Distinct().Count() != rank)
        {
            throw new NotConstantException();
        }

        c.Require(c.X.Shape);
        int[] strides = IndexMap.Strides(c.X.Shape);
        return IndexMap.Of([.. order.Select(axis => IndexMap.Whole(c.X.Shape[axis], strides[axis]))]).Apply(c.X);
    }

    private static TensorData Slice(ConstantNode c)
    {
        long[] starts = c.Integers(1, "starts") ?? throw new NotConstantException(), ends = c.Integers(2, "ends") ?? throw new NotConstantException();
        var ranges = SliceRange.Of(c.X.Shape, starts, ends, c.Integers(3, "axes"), c.Integers(4, "steps")) ?? throw new NotConstantException();
        c.Require(ranges.Select(range => range.Count));
        int[] strides = IndexMap.Strides(c.X.Shape);
        return IndexMap.Of([.. ranges.Select((range, axis) => range.Indices().Select(i => i * strides[axis]).ToArray())]).Apply(c.X);
    }

    private static TensorData Gather(ConstantNode c)
    {
        int axis = ConstantNode.Axis(c.Node.Int("axis", 0), c.X.Shape.Count);
        long size = c.X.Shape[axis];
        var indices = c.Input(1);
        long[] shape = [.. c.X.Shape.Take(axis), .. indices.Shape, .. c.X.Shape.Skip(axis + 1)];
        c.Require(shape);
        var picked = Along(c.X, axis, indices.ToLongs().Select(index => index >= -size && index < size ? (int)(index < 0 ? index + size : index) : throw new NotConstantException()));
        return new(picked.Type, shape, picked.Bytes.ToArray());
    }

    private static TensorData Expand(ConstantNode c)
    {
        long[] target = c.Integers(1, "shape") ?? throw new NotConstantException(), shape = Broadcast.Shape(c.X.Shape, target) ?? throw new NotConstantException();
        c.Require(shape);
        return Broadcast.Map(c.X.Shape, shape).Apply(c.X);
    }

    private static TensorData Tile(ConstantNode c)
    {
        long[] repeats = c.Integers(1, "repeats") ?? throw new NotConstantException();
        if (repeats.Length != c.X.Shape.Count)
        {
            throw new NotConstantException();
        }

        c.Require(c.X.Shape.Zip(repeats, (size, times) => checked(size * times)));
        int[] strides = IndexMap.Strides(c.X.Shape);
        return IndexMap.Of([.. repeats.Select((times, axis) => Enumerable.Repeat(IndexMap.Whole(c.X.Shape[axis], strides[axis]), (int)times).SelectMany(whole => whole).ToArray())]).Apply(c.X);
    }

    private static TensorData Concat(ConstantNode c)
    {
        var parts = Enumerable.Range(0, c.Inputs.Count).Select(c.Input).ToList();
        int rank = c.X.Shape.Count, axis = ConstantNode.Axis(c.Node.Int("axis", 0), rank);
        if (parts.Any(part => part.Type != c.X.Type || part.Shape.Count != rank || part.Shape.Where((size, i) => i != axis && size != c.X.Shape[i]).Any()))
        {
            throw new NotConstantException();
        }

        long[] shape = [.. c.X.Shape.Select((size, i) => i == axis ? parts.Sum(part => part.Shape[i]) : size)];
        c.Require(shape);
        int blocks = (int)TensorData.CountOf([.. shape.Take(axis)]);
        var bytes = new MemoryStream();
        for (int i = 0; i < blocks; i++)
        {
            foreach (var part in parts)
            {
                int length = part.Bytes.Length / blocks;
                bytes.Write(part.Bytes.Slice(i * length, length));
            }
        }

        return new(c.X.Type, shape, bytes.ToArray());
    }

    /// <summary>The tensor with one axis' positions picked.</summary>
    private static TensorData Along(TensorData x, int axis, IEnumerable<int> positions)
    {
        int[] strides = IndexMap.Strides(x.Shape);
        return IndexMap.Of([.. x.Shape.Select((size, i) => i == axis ? [.. positions.Select(position => position * strides[i])] : IndexMap.Whole(size, strides[i]))]).Apply(x);
    }
}
