namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>Dimensions moved, added, left out, repeated or padded.</summary>
internal static class LayoutShapes
{
    public static IEnumerable<ShapeRule> All =>
    [
        ShapeRules.One("Transpose", Transpose),
        ShapeRules.One("Squeeze", Squeeze),
        ShapeRules.One("Unsqueeze", Unsqueeze),
        ShapeRules.One("Expand", c => c.Sizes(1) is { } target ? ElementwiseShapes.Broadcast(c, c.X, target) : null),
        ShapeRules.One("Tile", Tile),
        ShapeRules.One("Pad", Pad),
        ShapeRules.One("DepthToSpace", c => Blocks(c, deeper: false)),
        ShapeRules.One("SpaceToDepth", c => Blocks(c, deeper: true)),
    ];

    private static IReadOnlyList<Dimension> Transpose(ShapeNode c)
    {
        int[] axes = c.Node.Ints("perm") is { } told ? [.. told.Select(axis => c.Axis(axis, c.X.Count))] : [.. Enumerable.Range(0, c.X.Count).Reverse()];
        return axes.Length == c.X.Count && axes.Distinct().Count() == axes.Length
            ? [.. axes.Select(axis => c.X[axis])]
            : throw c.Contradiction($"[{string.Join(", ", axes)}] is no order of {c.X.Count} dimensions");
    }

    private static IReadOnlyList<Dimension>? Squeeze(ShapeNode c)
    {
        var told = c.Opset >= 13 ? c.Integers(1) : c.Node.Ints("axes")?.ToArray();
        if (told is null && c.Opset >= 13 && c.Given(1))
        {
            return null;
        }

        if (told is null)
        {
            // Which dimensions go is only told where every size is known.
            return c.X.All(size => size.Size is not null) ? [.. c.X.Where(size => size.Size != 1)] : null;
        }

        var axes = told.Select(axis => c.Axis(axis, c.X.Count)).ToHashSet();
        return c.X.Where((size, i) => axes.Contains(i) && size.Size is not null and not 1).Any()
            ? throw c.Contradiction($"the axes [{string.Join(", ", told)}] are not all of size 1")
            : [.. c.X.Where((_, i) => !axes.Contains(i))];
    }

    private static IReadOnlyList<Dimension>? Unsqueeze(ShapeNode c)
    {
        if ((c.Opset >= 13 ? c.Integers(1) : c.Node.Ints("axes")?.ToArray()) is not { } told)
        {
            return c.Opset < 13 ? throw c.Contradiction("it names no axes") : null;
        }

        int rank = checked(c.X.Count + told.Length), next = 0;
        var axes = told.Select(axis => c.Axis(axis, rank)).ToHashSet();
        return axes.Count == told.Length
            ? [.. Enumerable.Range(0, rank).Select(i => axes.Contains(i) ? Dimension.Of(1) : c.X[next++])]
            : throw c.Contradiction($"the axes [{string.Join(", ", told)}] name one twice");
    }

    private static IReadOnlyList<Dimension>? Tile(ShapeNode c)
    {
        if (c.Numbers(1) is not { } repeats)
        {
            return new Dimension[c.X.Count];
        }

        return repeats.Length == c.X.Count
            ? [.. c.X.Select((size, i) => SymbolicInteger.Combine("Mul", SymbolicInteger.Of(size), repeats[i]).Dimension)]
            : throw c.Contradiction($"it repeats {repeats.Length} dimensions");
    }

    private static IReadOnlyList<Dimension>? Pad(ShapeNode c)
    {
        var pads = c.Opset >= 11 ? c.Integers(1) : c.Node.Ints("pads")?.ToArray();
        var axes = c.Opset >= 18 ? c.Integers(3) : null;
        if (pads is null || (axes is null && c.Opset >= 18 && c.Given(3)))
        {
            return new Dimension[c.X.Count];
        }

        int[] padded = axes is null ? [.. Enumerable.Range(0, c.X.Count)] : [.. axes.Select(axis => c.Axis(axis, c.X.Count))];
        if (pads.Length != 2 * padded.Length)
        {
            throw c.Contradiction($"pads [{string.Join(", ", pads)}] should be {2 * padded.Length} numbers");
        }

        var shape = c.X.ToArray();
        for (int i = 0; i < padded.Length; i++)
        {
            long more = checked(pads[i] + pads[i + padded.Length]);
            shape[padded[i]] = shape[padded[i]].Size is { } size ? Dimension.Of(Math.Max(0, checked(size + more))) : more == 0 ? shape[padded[i]] : Dimension.Unknown;
        }

        return shape;
    }

    private static IReadOnlyList<Dimension> Blocks(ShapeNode c, bool deeper)
    {
        long block = c.Node.Int("blocksize", 0);
        if (c.X.Count != 4 || block < 1)
        {
            throw c.Contradiction($"a picture cannot be dealt out in blocks of {block}");
        }

        long area = checked(block * block);
        Dimension Times(Dimension size, long factor) => size.Size is { } known ? Dimension.Of(checked(known * factor)) : Dimension.Unknown;
        Dimension By(Dimension size, long divisor) => size.Size is { } known ? known % divisor == 0 ? Dimension.Of(known / divisor) : throw c.Contradiction($"{known} is no multiple of {divisor}") : Dimension.Unknown;
        return deeper
            ? [c.X[0], Times(c.X[1], area), By(c.X[2], block), By(c.X[3], block)]
            : [c.X[0], By(c.X[1], area), Times(c.X[2], block), Times(c.X[3], block)];
    }
}
