namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>Values made of little: constants, ranges, shapes of others.</summary>
internal static class CreationShapes
{
    public static IEnumerable<ShapeRule> All =>
    [
        ShapeRules.Any("Constant", Constant),
        ShapeRules.Any("ConstantOfShape", c => [new(c.Node.Attributes.TryGetValue("value", out var value) && value is TensorValue tensor ? tensor.Value.Type : ElementType.Float32, c.Sizes(0))]),
        ShapeRules.Any("Shape", c => [new(ElementType.Int64, [c.Shape(0) is { } x ? Dimension.Of(Count(c, x.Count)) : Dimension.Unknown])]),
        ShapeRules.Any("Size", c => [new(ElementType.Int64, [])]),
        ShapeRules.Any("Range", c => [c.Like([Length(c)])]),
        ShapeRules.Any("EyeLike", c => [new(c.Node.Attributes.ContainsKey("dtype") ? (ElementType)c.Node.Int("dtype", 0) : c.Type(0), c.Shape(0))]),
    ];

    private static IReadOnlyList<Inferred> Constant(ShapeNode c) => c.Node.Attributes.FirstOrDefault() switch
    {
        { Key: "value", Value: TensorValue { Value: var tensor } } => [new(tensor.Type, [.. tensor.Shape.Select(Dimension.Of)])],
        { Key: "value_int" } => [new(ElementType.Int64, [])],
        { Key: "value_float" } => [new(ElementType.Float32, [])],
        { Key: "value_ints", Value: IntsValue { Values: var values } } => [new(ElementType.Int64, [values.Count])],
        { Key: "value_floats", Value: FloatsValue { Values: var values } } => [new(ElementType.Float32, [values.Count])],
        _ => [],
    };

    private static long Count(ShapeNode c, int rank)
    {
        long From(string name, long fallback) => Math.Clamp(c.Node.Int(name, fallback) is var at && at < 0 ? at + rank : at, 0, rank);
        return Math.Max(0, From("end", rank) - From("start", 0));
    }

    private static Dimension Length(ShapeNode c)
    {
        if (c.Constant(0) is not { Count: 1 } start || c.Constant(1) is not { Count: 1 } limit || c.Constant(2) is not { Count: 1 } delta)
        {
            return c.Integers(0) is [0] && c.Integers(2) is [1] && c.Numbers(1) is [{ } end] ? end.Dimension : Dimension.Unknown;
        }

        double places = Math.Ceiling((limit.ToDoubles()[0] - start.ToDoubles()[0]) / delta.ToDoubles()[0]);
        return double.IsFinite(places) && places < 1e15 ? Dimension.Of((long)Math.Max(0, places)) : throw c.Contradiction("its range has no end");
    }
}
