namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>The same elements under another shape.</summary>
internal static class ReshapeShapes
{
    public static IEnumerable<ShapeRule> All =>
    [
        ShapeRules.One("Flatten", Flatten),
        ShapeRules.Any("Reshape", c => [c.Like(c.Shape(0) is null ? null : Reshape(c))]),
    ];

    private static IReadOnlyList<Dimension> Flatten(ShapeNode c)
    {
        int axis = c.Node.Int("axis", 1) is var a && a == c.X.Count ? c.X.Count : c.Axis(a, c.X.Count);
        return [ShapeRules.Product(c.X.Take(axis)), ShapeRules.Product(c.X.Skip(axis))];
    }

    private static IReadOnlyList<Dimension>? Reshape(ShapeNode c)
    {
        if (c.Numbers(1) is not { } wanted)
        {
            return c.Shape(1) is [{ Size: <= 64 and { } rank }] ? new Dimension[rank] : null;
        }

        string text = $"[{string.Join(", ", wanted)}]";
        bool Copied(int i) => i < wanted.Length && wanted[i].Value == 0 && c.Node.Int("allowzero", 0) == 0;
        if (wanted.Count(size => size.Value == -1) > 1 || wanted.Any(size => size.Value < -1) || Enumerable.Range(0, wanted.Length).Any(i => Copied(i) && i >= c.X.Count))
        {
            throw c.Contradiction($"{text} is no shape for it");
        }

        var shape = wanted.Select((size, i) => Copied(i) ? c.X[i] : size.Dimension).ToArray();

        // Dimensions copied from their own place are the same on both sides; so are those of one name.
        var rest = c.X.Where((_, i) => !Copied(i)).ToList();
        var named = wanted.Where((size, i) => !Copied(i) && size.Value is null).Select(size => size.Dimension).ToList();
        foreach (var size in named.Where(size => size.Symbol is not null && rest.Contains(size)).ToList())
        {
            rest.Remove(size);
            named.Remove(size);
        }

        var open = rest.Where(size => size.Size is null).ToList();
        long have = ShapeRules.Saturated(rest.Where(size => size.Size is not null).Select(size => size.Size!.Value));
        long told = ShapeRules.Saturated(wanted.Where((size, i) => size.Value >= 0 && !Copied(i)).Select(size => size.Value!.Value));
        int place = Array.FindIndex(wanted, size => size.Value == -1);
        if (open.Count == 0 && named.Count == 0 && (place < 0 ? have != told : told == 0 || have % told != 0))
        {
            throw c.Contradiction($"its elements do not fit {text}");
        }

        if (place >= 0)
        {
            shape[place] = named.Count > 0 ? Dimension.Unknown : open.Count == 0 ? Dimension.Of(have / told) : open.Count == 1 && have == told ? open[0] : Dimension.Unknown;
        }

        return shape;
    }
}
