namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>Convolution and pooling.</summary>
internal static class WindowShapes
{
    public static IEnumerable<ShapeRule> All =>
    [
        ShapeRules.One("Conv", c => Conv(c, 1)),
        ShapeRules.One("ConvTranspose", ConvTranspose),
        ShapeRules.Several("MaxPool", c => [c.Like(Pool(c)), new(ElementType.Int64, Pool(c))]),
        ShapeRules.One("AveragePool", Pool),
        ShapeRules.One("LpPool", Pool),
        ShapeRules.One("MaxUnpool", MaxUnpool),
        ShapeRules.One("GlobalAveragePool", GlobalPool),
        ShapeRules.One("GlobalMaxPool", GlobalPool),
        ShapeRules.One("GlobalLpPool", GlobalPool),
    ];

    /// <summary>A convolution whose filter is at an input.</summary>
    public static IReadOnlyList<Dimension>? Conv(ShapeNode c, int filter)
    {
        var weight = c.Shape(filter);
        if (weight is null)
        {
            return null;
        }

        long groups = c.Node.Int("group", 1);
        if (c.X.Count < 2 || c.X.Count != weight.Count || (c.X[1].Size is { } channels && weight[1].Size is { } perGroup && channels != checked(perGroup * groups)))
        {
            throw c.Contradiction($"the filter does not fit the input ({groups} groups)");
        }

        return Windowed(c, weight[0], [.. weight.Skip(2).Select(size => size.Size)]);
    }

    private static IReadOnlyList<Dimension> Pool(ShapeNode c) => Windowed(c, null, [.. (c.Node.Ints("kernel_shape") ?? []).Select(size => (long?)size)]);

    private static IReadOnlyList<Dimension> GlobalPool(ShapeNode c) =>
        c.X.Count >= 2 ? [.. c.X.Select((size, i) => i < 2 ? size : Dimension.Of(1))] : throw c.Contradiction("a picture has channels");

    private static IReadOnlyList<Dimension>? MaxUnpool(ShapeNode c)
    {
        if (c.Given(2))
        {
            return c.Sizes(2);
        }

        int rank = c.X.Count - 2;
        IReadOnlyList<long> kernel = c.Node.Ints("kernel_shape") ?? [], strides = Numbers(c, "strides", Math.Max(0, rank), 1), pads = Numbers(c, "pads", 2 * Math.Max(0, rank), 0);
        if (rank < 1 || kernel.Count != rank)
        {
            throw c.Contradiction($"a window of {kernel.Count} dimensions does not fit");
        }

        Dimension Covered(long size, int i) =>
            checked(((size - 1) * strides[i]) + kernel[i] - pads[i] - pads[i + rank]) is >= 0 and var covered ? Dimension.Of(covered) : throw c.Contradiction("its padding leaves nothing");
        return [.. c.X.Select((old, i) => i < 2 ? old : old.Size is { } size ? Covered(size, i - 2) : Dimension.Unknown)];
    }

    /// <summary>The output of a sliding window over all dimensions after the second; without channels of its own it keeps the input's.</summary>
    private static List<Dimension> Windowed(ShapeNode c, Dimension? channels, IReadOnlyList<long?> kernel)
    {
        int rank = c.X.Count - 2;
        if (rank < 0 || kernel.Count != rank || kernel.Any(size => size < 1))
        {
            throw c.Contradiction($"a window of {kernel.Count} dimensions ({string.Join(" x ", kernel)}) does not fit");
        }

        string autoPad = c.Node.Text("auto_pad", "NOTSET");
        IReadOnlyList<long> strides = Numbers(c, "strides", rank, 1), dilations = Numbers(c, "dilations", rank, 1), pads = Numbers(c, "pads", 2 * rank, 0);
        bool ceil = c.Node.Int("ceil_mode", 0) != 0;
        var shape = new List<Dimension> { c.X[0], channels ?? c.X[1] };
        for (int i = 0; i < rank; i++)
        {
            if (c.X[i + 2].Size is not { } size || kernel[i] is not { } reach)
            {
                shape.Add(Dimension.Unknown);
                continue;
            }

            if (autoPad.StartsWith("SAME", StringComparison.Ordinal))
            {
                shape.Add(checked(size + strides[i] - 1) / strides[i]);
                continue;
            }

            long window = checked((dilations[i] * (reach - 1)) + 1), padded = checked(size + pads[i] + pads[i + rank]), room = padded - window;
            if (room < 0)
            {
                throw c.Contradiction($"a window of {window} does not fit into {padded}");
            }

            long steps = ceil ? checked(room + strides[i] - 1) / strides[i] : room / strides[i];

            // A window that would begin in the padding at the end is left out, as in PyTorch and ONNX.
            shape.Add(ceil && steps * strides[i] >= size + pads[i] ? steps : steps + 1);
        }

        return shape;
    }

    private static List<Dimension>? ConvTranspose(ShapeNode c)
    {
        if (c.Shape(1) is not { } weight)
        {
            return null;
        }

        int rank = c.X.Count - 2;
        if (rank < 0 || c.X.Count != weight.Count || (c.X[1].Size is { } channels && weight[0].Size is { } filters && channels != filters))
        {
            throw c.Contradiction("the filter does not fit the input");
        }

        IReadOnlyList<long> strides = Numbers(c, "strides", rank, 1), dilations = Numbers(c, "dilations", rank, 1), pads = Numbers(c, "pads", 2 * rank, 0), extra = Numbers(c, "output_padding", rank, 0);
        bool same = c.Node.Text("auto_pad", "NOTSET").StartsWith("SAME", StringComparison.Ordinal);
        var told = c.Node.Ints("output_shape");
        var shape = new List<Dimension> { c.X[0], weight[1].Size is { } perGroup ? Dimension.Of(checked(perGroup * c.Node.Int("group", 1))) : Dimension.Unknown };
        for (int i = 0; i < rank; i++)
        {
            if (told is not null && told.Count >= rank && told[^(rank - i)] >= 0)
            {
                shape.Add(told[^(rank - i)]);
                continue;
            }

            if (c.X[i + 2].Size is not { } size || weight[i + 2].Size is not { } reach)
            {
                shape.Add(Dimension.Unknown);
                continue;
            }

            long length = same ? checked(size * strides[i]) : checked((strides[i] * (size - 1)) + extra[i] + (dilations[i] * (reach - 1)) + 1 - pads[i] - pads[i + rank]);
            shape.Add(length >= 0 ? Dimension.Of(length) : throw c.Contradiction($"its padding leaves {length} positions"));
        }

        return shape;
    }

    /// <summary>A list attribute with a number for each of some places, or its default for all.</summary>
    private static IReadOnlyList<long> Numbers(ShapeNode c, string name, int count, long fallback)
    {
        var values = c.Node.Ints(name) ?? [.. Enumerable.Repeat(fallback, count)];
        return values.Count == count && values.All(value => value >= fallback && value <= int.MaxValue)
            ? values
            : throw c.Contradiction($"{name} [{string.Join(", ", values)}] should be {count} numbers of {fallback} or more");
    }
}
