namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>For each operator, the types and shapes of its outputs from what is known of its inputs.</summary>
internal static class ShapeRules
{
    private static readonly Dictionary<string, Func<ShapeNode, IReadOnlyList<Inferred>>> s_rules = Enumerable.ToDictionary<ShapeRule, string, Func<ShapeNode, IReadOnlyList<Inferred>>>(
        [
            .. ElementwiseShapes.All, .. NormalizationShapes.All, .. WindowShapes.All, .. MatrixShapes.All, .. ReductionShapes.All, .. LayoutShapes.All,
            .. ReshapeShapes.All, .. JoiningShapes.All, .. GatheringShapes.All, .. ResizeShapes.All, .. CreationShapes.All, .. QuantizationShapes.All,
            .. RecurrentShapes.All, .. ControlFlowShapes.All, .. LossShapes.All,
        ],
        rule => rule.Operation, rule => rule.Infer, StringComparer.Ordinal);

    /// <summary>The rule of an operator of ONNX's own domain, or null.</summary>
    public static Func<ShapeNode, IReadOnlyList<Inferred>>? Find(string operation) => s_rules.GetValueOrDefault(operation);

    /// <summary>A rule for one output of the first input's type; without that input's shape only the type is told.</summary>
    public static ShapeRule One(string operation, Func<ShapeNode, IReadOnlyList<Dimension>?> shape) =>
        new(operation, c => [c.Like(c.Shape(0) is null ? null : shape(c))]);

    /// <summary>A rule for several outputs, which is only asked if the first input's shape is known.</summary>
    public static ShapeRule Several(string operation, Func<ShapeNode, IReadOnlyList<Inferred>> rule) =>
        new(operation, c => c.Shape(0) is null ? [] : rule(c));

    /// <summary>A rule that looks for itself at what is known.</summary>
    public static ShapeRule Any(string operation, Func<ShapeNode, IReadOnlyList<Inferred>> rule) => new(operation, rule);

    /// <summary>The product of dimensions where it can be told.</summary>
    public static Dimension Product(IEnumerable<Dimension> dimensions)
    {
        var factors = dimensions.Where(size => size.Size != 1).ToList();
        return factors.Count == 1 ? factors[0]
            : factors.Any(size => size.Size == 0) ? Dimension.Of(0)
            : factors.All(size => size.Size is not null) ? Dimension.Of(Saturated(factors.Select(size => size.Size!.Value)))
            : Dimension.Unknown;
    }

    /// <summary>A product that stops at the largest number instead of wrapping.</summary>
    public static long Saturated(IEnumerable<long> factors) => factors.Aggregate(1L, (product, size) => (long)Int128.Min(long.MaxValue, (Int128)product * size));
}
