namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>Products of matrices.</summary>
internal static class MatrixShapes
{
    public static IEnumerable<ShapeRule> All =>
    [
        ShapeRules.One("Gemm", Gemm),
        ShapeRules.One("MatMul", c => MatMul(c, 1)),
        ShapeRules.One("Einsum", Einsum),
    ];

    /// <summary>The product of two values of any rank: vectors become matrices and lose that dimension again, the leading ones broadcast.</summary>
    public static IReadOnlyList<Dimension>? MatMul(ShapeNode c, int other)
    {
        if (c.Shape(other) is not { } b)
        {
            return null;
        }

        if (c.X.Count == 0 || b.Count == 0)
        {
            throw c.Contradiction("a number is no matrix");
        }

        Dimension inner = c.X[^1], otherInner = b.Count == 1 ? b[0] : b[^2];
        if (inner.Size is { } m && otherInner.Size is { } n && m != n)
        {
            throw c.Contradiction($"{m} columns do not fit {n} rows");
        }

        var batch = ElementwiseShapes.Broadcast(c, [.. c.X.SkipLast(2)], [.. b.SkipLast(2)]);
        return [.. batch, .. c.X.Count == 1 ? [] : new[] { c.X[^2] }, .. b.Count == 1 ? [] : new[] { b[^1] }];
    }

    private static IReadOnlyList<Dimension>? Gemm(ShapeNode c)
    {
        if (c.Shape(1) is not { } b)
        {
            return null;
        }

        if (b.Count != 2 || c.X.Count != 2)
        {
            throw c.Contradiction("Gemm multiplies matrices");
        }

        bool left = c.Node.Int("transA", 0) != 0, right = c.Node.Int("transB", 0) != 0;
        Dimension inner = c.X[left ? 0 : 1], otherInner = b[right ? 1 : 0];
        return inner.Size is { } m && otherInner.Size is { } n && m != n
            ? throw c.Contradiction($"{m} columns do not fit {n} rows")
            : [c.X[left ? 1 : 0], b[right ? 0 : 1]];
    }

    private static IReadOnlyList<Dimension>? Einsum(ShapeNode c)
    {
        string equation = c.Node.Text("equation", "").Replace(" ", "", StringComparison.Ordinal);
        string[] sides = equation.Split("->");
        string[] terms = sides[0].Split(',');
        if (terms.Length != c.Node.Inputs.Count || sides.Length > 2)
        {
            throw c.Contradiction($"the equation '{equation}' is not for {c.Node.Inputs.Count} values");
        }

        var sizes = new Dictionary<char, Dimension>();
        IReadOnlyList<Dimension> ellipsis = [];
        for (int i = 0; i < terms.Length; i++)
        {
            if (c.Shape(i) is not { } shape)
            {
                return null;
            }

            string letters = terms[i].Replace("...", "", StringComparison.Ordinal);
            int extra = shape.Count - letters.Length, at = terms[i].IndexOf("...", StringComparison.Ordinal);
            if (extra < 0 || (extra > 0 && at < 0))
            {
                throw c.Contradiction($"'{terms[i]}' does not name the {shape.Count} dimensions of input {i}");
            }

            if (at >= 0)
            {
                ellipsis = ElementwiseShapes.Broadcast(c, ellipsis, [.. shape.Skip(at).Take(extra)]);
            }

            for (int d = 0; d < letters.Length; d++)
            {
                var size = shape[at >= 0 && d >= at ? d + extra : d];
                sizes[letters[d]] = sizes.TryGetValue(letters[d], out var seen) ? Unified(c, letters[d], seen, size) : size;
            }
        }

        // Without an arrow: letters that come up once, in alphabetical order, after the ellipsis.
        string all = sides[0].Replace("...", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);
        string made = sides.Length == 2 ? sides[1] : (sides[0].Contains("...", StringComparison.Ordinal) ? "..." : "") + string.Concat(all.Where(letter => all.Count(other => other == letter) == 1).Order());
        string[] parts = made.Split("...");
        IEnumerable<Dimension> Named(string letters) => letters.Select(letter => sizes.TryGetValue(letter, out var size) ? size : throw c.Contradiction($"the equation '{equation}' makes '{letter}' of nothing"));
        return [.. Named(parts[0]), .. parts.Length > 1 ? ellipsis : [], .. parts.Length > 1 ? Named(parts[1]) : []];
    }

    private static Dimension Unified(ShapeNode c, char letter, Dimension a, Dimension b) =>
        a.Size is { } m && b.Size is { } n && m != n && m != 1 && n != 1 ? throw c.Contradiction($"'{letter}' is {m} and {n}") : a.Size is null or 1 ? b : a;
}
