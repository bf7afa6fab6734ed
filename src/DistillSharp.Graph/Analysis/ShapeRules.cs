namespace DistillSharp.Graph.Analysis;

/// <summary>For each operator, the shapes of its outputs from those of its inputs.</summary>
internal static partial class ShapeRules
{
    private static readonly Dictionary<string, Func<ShapeContext, IReadOnlyList<IReadOnlyList<Dimension>>>> s_rules = new(StringComparer.Ordinal)
    {
        ["Conv"] = Conv,
        ["Gemm"] = Gemm,
        ["MatMul"] = MatMul,
        ["MaxPool"] = Pool,
        ["AveragePool"] = Pool,
        ["GlobalAveragePool"] = GlobalPool,
        ["Flatten"] = Flatten,
        ["Reshape"] = Reshape,
        ["Transpose"] = Transpose,
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
        ["Dropout"] = Same,
        ["Identity"] = Same,
    };

    /// <summary>The rule of an operator of ONNX's own domain, or null.</summary>
    public static Func<ShapeContext, IReadOnlyList<IReadOnlyList<Dimension>>>? Find(string operation) => s_rules.GetValueOrDefault(operation);

    private static IReadOnlyList<IReadOnlyList<Dimension>> One(IReadOnlyList<Dimension> shape) => [shape];

    private static IReadOnlyList<IReadOnlyList<Dimension>> Same(ShapeContext c) => [c.X];

    private static IReadOnlyList<IReadOnlyList<Dimension>> Gemm(ShapeContext c)
    {
        if (c.Shape(1) is not { } b)
        {
            return [];
        }

        if (b.Count != 2 || c.X.Count != 2)
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
        c.Shape(1) is not { Count: 2 } b || c.X.Count < 2 ? []
        : c.X[^1].Size is { } m && b[0].Size is { } n && m != n ? throw c.Contradiction($"{m} columns do not fit {n} rows")
        : One([.. c.X.Take(c.X.Count - 1), b[1]]);

    private static IReadOnlyList<IReadOnlyList<Dimension>> Concat(ShapeContext c)
    {
        int axis = c.Axis(c.Node.Int("axis", 0), c.X.Count);
        var shape = c.X.ToArray();
        var sum = shape[axis].Size;
        for (int i = 1; i < c.Node.Inputs.Count; i++)
        {
            if (c.Shape(i) is not { } other)
            {
                sum = null;
                continue;
            }

            if (other.Count != shape.Length || other.Where((size, d) => d != axis && size.Size is { } a && shape[d].Size is { } b && a != b).Any())
            {
                throw c.Contradiction($"the values do not lie end to end along axis {axis}");
            }

            sum = checked(sum + other[axis].Size);
            shape = [.. shape.Zip(other, (known, more) => known == Dimension.Unknown ? more : known)];
        }

        shape[axis] = sum is { } size ? Dimension.Of(size) : Dimension.Unknown;
        return One(shape);
    }

    private static IReadOnlyList<IReadOnlyList<Dimension>> Split(ShapeContext c)
    {
        int axis = c.Axis(c.Node.Int("axis", 0), c.X.Count), parts = c.Node.Outputs.Count;
        bool told = c.Opset >= 13 ? c.Node.InputOrNull(1) is not null : c.Node.Ints("split") is not null;
        var sizes = c.Opset >= 13 ? c.Integers(1) : c.Node.Ints("split")?.ToArray();
        var total = c.X[axis].Size;
        if (!told && total is { } elements)
        {
            long each = checked(elements + parts - 1) / parts;
            sizes = [.. Enumerable.Range(0, parts).Select(i => Math.Min(each, elements - (each * i)))];
        }

        if (sizes is null)
        {
            return [];
        }

        if (sizes.Length != parts || sizes.Any(size => size < 0) || (total is { } whole && sizes.Aggregate((Int128)0, (sum, size) => sum + size) != whole))
        {
            throw c.Contradiction($"{parts} parts of [{string.Join(", ", sizes)}] do not fill axis {axis}");
        }

        return [.. sizes.Select(size => c.X.Select((old, i) => i == axis ? Dimension.Of(size) : old).ToArray())];
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
        if (c.Opset >= 18 && given is null && c.Node.InputOrNull(1) is not null)
        {
            return [];
        }

        if (given is null or [] && c.Opset >= 18 && c.Node.Int("noop_with_empty_axes", 0) != 0)
        {
            return Same(c);
        }

        var axes = given is null or [] ? [.. Enumerable.Range(0, c.X.Count)] : given.Select(axis => c.Axis(axis, c.X.Count)).ToHashSet();
        bool keep = c.Node.Int("keepdims", 1) != 0;
        return One([.. c.X.Select((size, i) => (size, Reduced: axes.Contains(i))).Where(d => keep || !d.Reduced).Select(d => d.Reduced ? Dimension.Of(1) : d.size)]);
    }
}
