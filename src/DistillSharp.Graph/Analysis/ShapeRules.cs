namespace DistillSharp.Graph.Analysis;

/// <summary>For each operator, the shapes of its outputs from those of its inputs.</summary>
internal static class ShapeRules
{
    private static readonly Dictionary<string, Func<ShapeContext, IReadOnlyList<IReadOnlyList<Dimension>>>> s_rules = new(StringComparer.Ordinal)
    {
        ["Conv"] = Conv,
        ["Gemm"] = Gemm,
        ["MatMul"] = MatMul,
        ["MaxPool"] = c => One(Windowed(c, c.X[1], c.Node.Ints("kernel_shape") ?? [])),
        ["AveragePool"] = c => One(Windowed(c, c.X[1], c.Node.Ints("kernel_shape") ?? [])),
        ["GlobalAveragePool"] = c => One([.. c.X.Select((size, i) => i < 2 ? size : Dimension.Of(1))]),
        ["Flatten"] = Flatten,
        ["Reshape"] = Reshape,
        ["Transpose"] = c => One([.. (c.Node.Ints("perm") ?? [.. Enumerable.Range(0, c.X.Count).Reverse().Select(i => (long)i)]).Select(axis => c.X[c.Axis(axis, c.X.Count)])]),
        ["Concat"] = Concat,
        ["Split"] = Split,
        ["Add"] = Broadcast,
        ["Sub"] = Broadcast,
        ["Mul"] = Broadcast,
        ["Div"] = Broadcast,
        ["ReduceMean"] = ReduceMean,
        ["BatchNormalization"] = Same,
        ["Relu"] = Same,
        ["Clip"] = Same,
        ["Sigmoid"] = Same,
        ["Tanh"] = Same,
        ["Softmax"] = Same,
        ["LogSoftmax"] = Same,
        ["Dropout"] = c => [c.X, c.X],
        ["Identity"] = Same,
    };

    /// <summary>The rule of an operator of ONNX's own domain, or null.</summary>
    public static Func<ShapeContext, IReadOnlyList<IReadOnlyList<Dimension>>>? Find(string operation) => s_rules.GetValueOrDefault(operation);

    private static IReadOnlyList<IReadOnlyList<Dimension>> One(IReadOnlyList<Dimension> shape) => [shape];

    private static IReadOnlyList<IReadOnlyList<Dimension>> Same(ShapeContext c) => [c.X];

    private static IReadOnlyList<IReadOnlyList<Dimension>> Conv(ShapeContext c)
    {
        var weight = c.Shape(1);
        if (weight is null)
        {
            return [];
        }

        long groups = c.Node.Int("group", 1);
        if (c.X.Count != weight.Count || (c.X[1].Size is { } channels && weight[1].Size is { } perGroup && channels != perGroup * groups))
        {
            throw c.Contradiction($"the filter does not fit the input ({groups} groups)");
        }

        return One(Windowed(c, weight[0], [.. weight.Skip(2).Select(size => size.Size ?? 0)]));
    }

    /// <summary>The output of a sliding window over all dimensions after the second.</summary>
    private static IReadOnlyList<Dimension> Windowed(ShapeContext c, Dimension channels, IReadOnlyList<long> kernel)
    {
        int rank = c.X.Count - 2;
        if (kernel.Count != rank)
        {
            throw c.Contradiction($"a window of {kernel.Count} dimensions does not fit");
        }

        string autoPad = c.Node.Text("auto_pad", "NOTSET");
        var strides = c.Node.Ints("strides") ?? [.. Enumerable.Repeat(1L, rank)];
        var dilations = c.Node.Ints("dilations") ?? [.. Enumerable.Repeat(1L, rank)];
        var pads = c.Node.Ints("pads") ?? [.. Enumerable.Repeat(0L, 2 * rank)];
        bool ceil = c.Node.Int("ceil_mode", 0) != 0;
        var shape = new List<Dimension> { c.X[0], channels };
        for (int i = 0; i < rank; i++)
        {
            if (c.X[i + 2].Size is not { } size)
            {
                shape.Add(Dimension.Unknown);
                continue;
            }

            if (autoPad.StartsWith("SAME", StringComparison.Ordinal))
            {
                shape.Add((size + strides[i] - 1) / strides[i]);
                continue;
            }

            long window = (dilations[i] * (kernel[i] - 1)) + 1, room = size + pads[i] + pads[i + rank] - window;
            if (room < 0)
            {
                throw c.Contradiction($"a window of {window} does not fit into {size + pads[i] + pads[i + rank]}");
            }

            long steps = ceil ? (room + strides[i] - 1) / strides[i] : room / strides[i];

            // A window that would begin in the padding at the end is left out, as in PyTorch and ONNX.
            shape.Add(ceil && steps * strides[i] >= size + pads[i] ? steps : steps + 1);
        }

        return shape;
    }

    private static IReadOnlyList<IReadOnlyList<Dimension>> Gemm(ShapeContext c)
    {
        if (c.Shape(1) is not { Count: 2 } b || c.X.Count != 2)
        {
            throw c.Contradiction("Gemm multiplies matrices");
        }

        bool left = c.Node.Int("transA", 0) != 0, right = c.Node.Int("transB", 0) != 0;
        Dimension inner = c.X[left ? 0 : 1], otherInner = b[right ? 1 : 0];
        return inner.Size is { } m && otherInner.Size is { } n && m != n
            ? throw c.Contradiction($"{m} columns do not fit {n} rows")
            : One([c.X[left ? 1 : 0], b[right ? 0 : 1]]);
    }

    private static IReadOnlyList<IReadOnlyList<Dimension>> MatMul(ShapeContext c) =>
        c.Shape(1) is { Count: 2 } b && c.X.Count >= 2 ? One([.. c.X.Take(c.X.Count - 1), b[1]]) : [];

    private static IReadOnlyList<IReadOnlyList<Dimension>> Flatten(ShapeContext c)
    {
        int axis = c.Node.Int("axis", 1) is var a && a == c.X.Count ? c.X.Count : c.Axis(a, c.X.Count);
        return One([Product(c.X.Take(axis)), Product(c.X.Skip(axis))]);
    }

    private static Dimension Product(IEnumerable<Dimension> dimensions)
    {
        var factors = dimensions.ToList();
        return factors.Count == 1 ? factors[0]
            : factors.All(size => size.Size is not null) ? Dimension.Of(factors.Aggregate(1L, (product, size) => product * size.Size!.Value))
            : Dimension.Unknown;
    }

    private static IReadOnlyList<IReadOnlyList<Dimension>> Reshape(ShapeContext c)
    {
        if (c.Integers(1) is not { } wanted)
        {
            return [];
        }

        var shape = wanted.Select((size, i) => size switch
        {
            0 when c.Node.Int("allowzero", 0) == 0 => i < c.X.Count ? c.X[i] : throw c.Contradiction($"dimension {i} is copied from an input that has none"),
            -1 => Dimension.Unknown,
            _ => Dimension.Of(size),
        }).ToArray();
        int open = Array.IndexOf(wanted, -1L);
        if (open >= 0)
        {
            // The open dimension is what is left once equal dimensions (a named batch) are taken off both sides.
            var left = c.X.ToList();
            foreach (var (size, i) in shape.Select((size, i) => (size, i)))
            {
                if (i != open && size.Symbol is not null)
                {
                    left.Remove(size);
                }
            }

            var total = left.Count == 0 ? Dimension.Of(1) : Product(left);
            long others = shape.Where((size, i) => i != open && size.Size is not null).Aggregate(1L, (product, size) => product * size.Size!.Value);
            shape[open] = total.Size is { } count && others > 0 ? Dimension.Of(count / others) : others == 1 ? total : Dimension.Unknown;
        }

        return One(shape);
    }

    private static IReadOnlyList<IReadOnlyList<Dimension>> Concat(ShapeContext c)
    {
        int axis = c.Axis(c.Node.Int("axis", 0), c.X.Count);
        var sum = c.X[axis].Size;
        for (int i = 1; i < c.Node.Inputs.Count; i++)
        {
            sum += c.Shape(i)?[axis].Size;
        }

        return One([.. c.X.Select((size, i) => i == axis ? (sum is { } known ? Dimension.Of(known) : Dimension.Unknown) : size)]);
    }

    private static IReadOnlyList<IReadOnlyList<Dimension>> Split(ShapeContext c)
    {
        int axis = c.Axis(c.Node.Int("axis", 0), c.X.Count), parts = c.Node.Outputs.Count;
        var sizes = c.Opset >= 13 ? c.Integers(1) : c.Node.Ints("split")?.ToArray();
        if (sizes is null && c.X[axis].Size is { } total)
        {
            long each = (total + parts - 1) / parts;
            sizes = [.. Enumerable.Range(0, parts).Select(i => Math.Min(each, total - (each * i)))];
        }

        return sizes is null ? [] : [.. sizes.Select(size => c.X.Select((old, i) => i == axis ? Dimension.Of(size) : old).ToArray())];
    }

    private static IReadOnlyList<IReadOnlyList<Dimension>> Broadcast(ShapeContext c)
    {
        if (c.Shape(1) is not { } other)
        {
            return [];
        }

        int rank = Math.Max(c.X.Count, other.Count);
        var shape = new Dimension[rank];
        for (int i = 0; i < rank; i++)
        {
            Dimension a = At(c.X, rank, i), b = At(other, rank, i);
            shape[i] = a == b || b.Size == 1 ? a
                : a.Size == 1 ? b
                : a.Size is null || b.Size is null ? (a.Size is > 1 ? a : b.Size is > 1 ? b : Dimension.Unknown)
                : throw c.Contradiction("the shapes do not broadcast");
        }

        return One(shape);
    }

    private static Dimension At(IReadOnlyList<Dimension> shape, int rank, int index) =>
        index - (rank - shape.Count) is var i && i < 0 ? Dimension.Of(1) : shape[i];

    private static IReadOnlyList<IReadOnlyList<Dimension>> ReduceMean(ShapeContext c)
    {
        var given = c.Opset >= 18 ? c.Integers(1) : c.Node.Ints("axes")?.ToArray();
        var axes = given is null ? [.. Enumerable.Range(0, c.X.Count)] : given.Select(axis => c.Axis(axis, c.X.Count)).ToHashSet();
        bool keep = c.Node.Int("keepdims", 1) != 0;
        return One([.. c.X.Select((size, i) => (size, Reduced: axes.Contains(i))).Where(d => keep || !d.Reduced).Select(d => d.Reduced ? Dimension.Of(1) : d.size)]);
    }
}
