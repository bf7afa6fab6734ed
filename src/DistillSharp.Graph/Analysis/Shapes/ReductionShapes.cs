namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>Reductions along axes.</summary>
internal static class ReductionShapes
{
    /// <summary>From which operator set on the axes are an input.</summary>
    private static readonly (string Operation, int AxesAreInputSince)[] s_reductions =
    [
        ("ReduceSum", 13), ("ReduceMean", 18), ("ReduceMax", 18), ("ReduceMin", 18), ("ReduceProd", 18), ("ReduceL1", 18), ("ReduceL2", 18), ("ReduceLogSum", 18), ("ReduceLogSumExp", 18), ("ReduceSumSquare", 18),
    ];

    public static IEnumerable<ShapeRule> All =>
    [
        .. s_reductions.Select(reduction => ShapeRules.One(reduction.Operation, c => Reduced(c, reduction.AxesAreInputSince))),
        ShapeRules.Any("ArgMax", Arg),
        ShapeRules.Any("ArgMin", Arg),
        ShapeRules.Several("TopK", TopK),
    ];

    private static IReadOnlyList<Dimension>? Reduced(ShapeNode c, int since)
    {
        var given = c.Opset >= since ? c.Integers(1) : c.Node.Ints("axes")?.ToArray();
        if (c.Opset >= since && given is null && c.Given(1))
        {
            return null;
        }

        if (given is null or [] && c.Opset >= since && c.Node.Int("noop_with_empty_axes", 0) != 0)
        {
            return c.X;
        }

        return Without(c, given is null or [] ? [.. Enumerable.Range(0, c.X.Count)] : given.Select(axis => c.Axis(axis, c.X.Count)).ToHashSet());
    }

    private static IReadOnlyList<Inferred> Arg(ShapeNode c) =>
        [new(ElementType.Int64, c.Shape(0) is null ? null : Without(c, [c.Axis(c.Node.Int("axis", 0), c.X.Count)]))];

    private static IReadOnlyList<Dimension> Without(ShapeNode c, HashSet<int> axes)
    {
        bool keep = c.Node.Int("keepdims", 1) != 0;
        return [.. c.X.Select((size, i) => (size, Reduced: axes.Contains(i))).Where(d => keep || !d.Reduced).Select(d => d.Reduced ? Dimension.Of(1) : d.size)];
    }

    private static IReadOnlyList<Inferred> TopK(ShapeNode c)
    {
        int axis = c.Axis(c.Node.Int("axis", -1), c.X.Count);
        var count = c.Opset >= 10 ? c.Numbers(1) is [var k] ? k.Dimension : Dimension.Unknown : Dimension.Of(Math.Max(0, c.Node.Int("k", 0)));
        if (c.X[axis].Size is { } size && count.Size > size)
        {
            throw c.Contradiction($"there are no {count} largest of {size}");
        }

        Dimension[] shape = [.. c.X.Select((old, i) => i == axis ? count : old)];
        return [c.Like(shape), new(ElementType.Int64, shape)];
    }
}
