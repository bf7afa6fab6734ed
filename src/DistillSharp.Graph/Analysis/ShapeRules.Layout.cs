namespace DistillSharp.Graph.Analysis;

/// <content>The same elements, laid out otherwise.</content>
internal static partial class ShapeRules
{
    private static IReadOnlyList<IReadOnlyList<Dimension>> Flatten(ShapeContext c)
    {
        int axis = c.Node.Int("axis", 1) is var a && a == c.X.Count ? c.X.Count : c.Axis(a, c.X.Count);
        return One([Product(c.X.Take(axis)), Product(c.X.Skip(axis))]);
    }

    private static IReadOnlyList<IReadOnlyList<Dimension>> Transpose(ShapeContext c)
    {
        int[] axes = c.Node.Ints("perm") is { } told ? [.. told.Select(axis => c.Axis(axis, c.X.Count))] : [.. Enumerable.Range(0, c.X.Count).Reverse()];
        return axes.Length == c.X.Count && axes.Distinct().Count() == axes.Length
            ? One([.. axes.Select(axis => c.X[axis])])
            : throw c.Contradiction($"[{string.Join(", ", axes)}] is no order of {c.X.Count} dimensions");
    }

    private static IReadOnlyList<IReadOnlyList<Dimension>> Reshape(ShapeContext c)
    {
        if (c.Integers(1) is not { } wanted)
        {
            return [];
        }

        string text = $"[{string.Join(", ", wanted)}]";
        bool Copied(int i) => i < wanted.Length && wanted[i] == 0 && c.Node.Int("allowzero", 0) == 0;
        if (wanted.Count(size => size == -1) > 1 || wanted.Any(size => size < -1) || Enumerable.Range(0, wanted.Length).Any(i => Copied(i) && i >= c.X.Count))
        {
            throw c.Contradiction($"{text} is no shape for it");
        }

        var shape = wanted.Select((size, i) => Copied(i) ? c.X[i] : size == -1 ? Dimension.Unknown : Dimension.Of(size)).ToArray();

        // Dimensions copied from their own place are the same on both sides; the others must hold equally many elements.
        var rest = c.X.Where((_, i) => !Copied(i)).ToList();
        var open = rest.Where(size => size.Size is null).ToList();
        long have = Saturated(rest.Where(size => size.Size is not null).Select(size => size.Size!.Value));
        long told = Saturated(wanted.Where((size, i) => size >= 0 && !Copied(i)));
        int place = Array.IndexOf(wanted, -1L);
        if (open.Count == 0 && (place < 0 ? have != told : told == 0 || have % told != 0))
        {
            throw c.Contradiction($"its elements do not fit {text}");
        }

        if (place >= 0)
        {
            shape[place] = open.Count == 0 ? Dimension.Of(have / told) : open.Count == 1 && have == told ? open[0] : Dimension.Unknown;
        }

        return One(shape);
    }

    private static Dimension Product(IEnumerable<Dimension> dimensions)
    {
        var factors = dimensions.ToList();
        return factors.Count == 1 ? factors[0]
            : factors.All(size => size.Size is not null) ? Dimension.Of(Saturated(factors.Select(size => size.Size!.Value)))
            : Dimension.Unknown;
    }

    private static long Saturated(IEnumerable<long> factors) => factors.Aggregate(1L, (product, size) => (long)Int128.Min(long.MaxValue, (Int128)product * size));
}
