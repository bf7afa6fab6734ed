namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>Elements picked by index and put by index.</summary>
internal static class GatheringShapes
{
    public static IEnumerable<ShapeRule> All =>
    [
        ShapeRules.One("Gather", Gather),
        ShapeRules.One("GatherElements", c => c.Shape(1)),
        ShapeRules.One("GatherND", GatherNd),
        ShapeRules.Any("Scatter", c => [c.Like(c.Shape(0))]),
        ShapeRules.Any("ScatterElements", c => [c.Like(c.Shape(0))]),
        ShapeRules.Any("ScatterND", c => [c.Like(c.Shape(0))]),
        ShapeRules.Any("OneHot", c => [new(c.Type(2), c.Shape(0) is null ? null : OneHot(c))]),
        ShapeRules.Any("NonZero", c => [new(ElementType.Int64, [c.Shape(0) is { } x ? Dimension.Of(Math.Max(1, x.Count)) : Dimension.Unknown, Dimension.Unknown])]),
        ShapeRules.One("Compress", c => c.Node.Attributes.ContainsKey("axis") ? [.. c.X.Select((size, i) => i == c.Axis(c.Node.Int("axis", 0), c.X.Count) ? Dimension.Unknown : size)] : [Dimension.Unknown]),
        ShapeRules.Any("NonMaxSuppression", c => [new(ElementType.Int64, [Dimension.Unknown, 3])]),
        ShapeRules.One("GridSample", c => c.Shape(1) is { } grid && grid.Count == c.X.Count ? [.. c.X.Take(2), .. grid.Skip(1).SkipLast(1)] : null),
    ];

    private static IReadOnlyList<Dimension>? Gather(ShapeNode c)
    {
        int axis = c.Axis(c.Node.Int("axis", 0), c.X.Count);
        if (c.Integers(1) is { } indices && c.X[axis].Size is { } size && indices.Any(index => index < -size || index >= size))
        {
            throw c.Contradiction($"index {indices.First(index => index < -size || index >= size)} is outside the {size} of axis {axis}");
        }

        return c.Shape(1) is { } picked ? [.. c.X.Take(axis), .. picked, .. c.X.Skip(axis + 1)] : null;
    }

    private static IReadOnlyList<Dimension>? GatherNd(ShapeNode c)
    {
        if (c.Shape(1) is not { Count: > 0 } indices || indices[^1].Size is not { } depth)
        {
            return null;
        }

        long batch = c.Node.Int("batch_dims", 0);
        return batch >= 0 && batch < indices.Count && batch + depth <= c.X.Count
            ? [.. indices.SkipLast(1), .. c.X.Skip((int)(batch + depth))]
            : throw c.Contradiction($"indices of {depth} after {batch} batch dimensions do not fit");
    }

    private static IReadOnlyList<Dimension> OneHot(ShapeNode c)
    {
        var depth = c.Numbers(1) is [var count] ? count.Dimension : c.Floats(1) is [>= 0 and < int.MaxValue and var told] ? Dimension.Of((long)told) : Dimension.Unknown;
        int axis = c.Axis(c.Node.Int("axis", -1), c.X.Count + 1);
        return [.. c.X.Take(axis), depth, .. c.X.Skip(axis)];
    }
}
