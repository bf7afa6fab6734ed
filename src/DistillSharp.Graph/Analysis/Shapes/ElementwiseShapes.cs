namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>Operators that work on each element: activations, arithmetic, comparison, logic, casts.</summary>
internal static class ElementwiseShapes
{
    private static readonly string[] s_same =
    [
        "Relu", "LeakyRelu", "PRelu", "Elu", "Celu", "Selu", "Gelu", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Softplus", "Softsign", "Mish", "ThresholdedRelu", "Shrink", "Clip",
        "Erf", "Abs", "Neg", "Exp", "Log", "Sqrt", "Reciprocal", "Sign", "Floor", "Ceil", "Round", "Not", "BitwiseNot",
        "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh", "Identity", "CumSum", "Trilu", "ReverseSequence",
    ];

    private static readonly string[] s_pairs = ["Add", "Sub", "Mul", "Div", "Mod", "Pow", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Min", "Max", "Sum", "Mean"];
    private static readonly string[] s_questions = ["Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "And", "Or", "Xor"];

    public static IEnumerable<ShapeRule> All =>
    [
        .. s_same.Select(name => ShapeRules.Any(name, c => [c.Like(c.Shape(0))])),
        .. s_pairs.Select(name => ShapeRules.Any(name, c => [c.Like(Together(c, 0, c.Node.Inputs.Count))])),
        .. s_questions.Select(name => ShapeRules.Any(name, c => [new(ElementType.Bool, Together(c, 0, 2))])),
        ShapeRules.Any("IsNaN", c => [new(ElementType.Bool, c.Shape(0))]),
        ShapeRules.Any("IsInf", c => [new(ElementType.Bool, c.Shape(0))]),
        ShapeRules.Any("Where", c => [new(c.Type(1), Together(c, 0, 3))]),
        ShapeRules.Any("Cast", c => [new((ElementType)c.Node.Int("to", 0), c.Shape(0))]),
        ShapeRules.Any("CastLike", c => [new(c.Type(1), c.Shape(0))]),
    ];

    /// <summary>The common shape of two values, aligned at the last dimension; a size of 1 repeats.</summary>
    public static IReadOnlyList<Dimension> Broadcast(ShapeNode c, IReadOnlyList<Dimension> left, IReadOnlyList<Dimension> right)
    {
        int rank = Math.Max(left.Count, right.Count);
        var shape = new Dimension[rank];
        for (int i = 0; i < rank; i++)
        {
            Dimension a = At(left, rank, i), b = At(right, rank, i);
            shape[i] = (a == b && a != Dimension.Unknown) || b.Size == 1 ? a
                : a.Size == 1 ? b
                : a.Size is null || b.Size is null ? (a.Size is not null ? a : b.Size is not null ? b : Dimension.Unknown)
                : throw c.Contradiction("the shapes do not broadcast");
        }

        return shape;
    }

    private static IReadOnlyList<Dimension>? Together(ShapeNode c, int first, int count)
    {
        IReadOnlyList<Dimension> shape = [];
        for (int i = first; i < first + count; i++)
        {
            if (c.Shape(i) is not { } other)
            {
                return null;
            }

            // Broadcasting against nothing would hide unknown sizes.
            shape = i == first ? other : Broadcast(c, shape, other);
        }

        return shape;
    }

    private static Dimension At(IReadOnlyList<Dimension> shape, int rank, int index) =>
        index - (rank - shape.Count) is var i && i < 0 ? Dimension.Of(1) : shape[i];
}
