using DistillSharp.Graph.Evaluation;

namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>Values put end to end and cut apart.</summary>
internal static class JoiningShapes
{
    public static IEnumerable<ShapeRule> All =>
    [
        ShapeRules.One("Concat", Concat),
        ShapeRules.Several("Split", Split),
        ShapeRules.One("Slice", Slice),
    ];

    private static IReadOnlyList<Dimension> Concat(ShapeNode c)
    {
        int axis = c.Axis(c.Node.Int("axis", c.Opset < 4 ? 1 : 0), c.X.Count);
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

            // A fixed size tells more than a name, and a name more than nothing.
            shape = [.. shape.Zip(other, (known, more) => known.Size is not null || (more.Size is null && known.Symbol is not null) ? known : more)];
        }

        shape[axis] = c.Node.Inputs.Count == 1 ? c.X[axis] : sum is { } size ? Dimension.Of(size) : Dimension.Unknown;
        return shape;
    }

    private static IReadOnlyList<Inferred> Split(ShapeNode c)
    {
        int axis = c.Axis(c.Node.Int("axis", 0), c.X.Count), parts = c.Node.Outputs.Count;
        bool told = c.Opset >= 13 ? c.Given(1) : c.Node.Ints("split") is not null;
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

        return [.. sizes.Select(size => c.Like([.. c.X.Select((old, i) => i == axis ? Dimension.Of(size) : old)]))];
    }

    private static IReadOnlyList<Dimension> Slice(ShapeNode c)
    {
        bool inputs = c.Opset >= 10;
        long[]? starts = inputs ? c.Integers(1) : c.Node.Ints("starts")?.ToArray(), ends = inputs ? c.Integers(2) : c.Node.Ints("ends")?.ToArray();
        long[]? axes = inputs ? c.Integers(3) : c.Node.Ints("axes")?.ToArray(), steps = inputs ? c.Integers(4) : null;
        var shape = new Dimension[c.X.Count];
        if ((axes is null && inputs && c.Given(3)) || (steps is null && inputs && c.Given(4)))
        {
            return shape;
        }

        if (starts is null || ends is null)
        {
            // Where it cuts is computed; axes it is not told stay whole.
            var cut = axes?.Select(axis => c.Axis(axis, c.X.Count)).ToHashSet();
            return [.. c.X.Select((size, i) => cut?.Contains(i) == false ? size : Dimension.Unknown)];
        }

        // Unknown sizes are taken for the largest, and looked at again below.
        const long Open = long.MaxValue;
        var ranges = SliceRange.Of([.. c.X.Select(size => size.Size ?? Open)], starts, ends, axes, steps) ?? throw c.Contradiction($"it cannot be cut from [{string.Join(", ", starts)}] to [{string.Join(", ", ends)}]");
        for (int i = 0; i < shape.Length; i++)
        {
            bool whole = ranges[i] is { Start: 0, Step: 1 } && (ranges[i].Count == Open || !Touched(c, axes, starts.Length, i) || ranges[i].Count >= int.MaxValue);
            shape[i] = c.X[i].Size is not null ? Dimension.Of(ranges[i].Count) : whole ? c.X[i] : Dimension.Unknown;
        }

        return shape;
    }

    private static bool Touched(ShapeNode c, long[]? axes, int count, int axis) => axes is null ? axis < count : axes.Any(told => c.Axis(told, c.X.Count) == axis);
}
