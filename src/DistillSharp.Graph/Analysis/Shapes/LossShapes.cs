namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>Losses of labelled classes: one number, or one for each label.</summary>
internal static class LossShapes
{
    public static IEnumerable<ShapeRule> All =>
    [
        ShapeRules.Any("NegativeLogLikelihoodLoss", c => [Loss(c)]),
        ShapeRules.Any("SoftmaxCrossEntropyLoss", c => [Loss(c), c.Like(c.Shape(0))]),
    ];

    private static Inferred Loss(ShapeNode c)
    {
        if (c.Shape(0) is { } x && c.Shape(1) is { } labels && (x.Count < 2 || labels.Count != x.Count - 1))
        {
            throw c.Contradiction("the classes are not one for each place");
        }

        return c.Node.Text("reduction", "mean") != "none" ? c.Like([]) : c.Like(c.Shape(1) ?? (c.Shape(0) is { Count: >= 2 } told ? [told[0], .. told.Skip(2)] : null));
    }
}
