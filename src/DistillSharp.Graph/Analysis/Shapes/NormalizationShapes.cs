namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>Normalisations, softmaxes and Dropout: the shape stays; statistics and masks are further outputs.</summary>
internal static class NormalizationShapes
{
    private static readonly string[] s_same =
        ["InstanceNormalization", "GroupNormalization", "MeanVarianceNormalization", "LpNormalization", "LRN", "Softmax", "LogSoftmax", "Hardmax"];

    public static IEnumerable<ShapeRule> All =>
    [
        .. s_same.Select(name => ShapeRules.Any(name, c => [c.Like(c.Shape(0))])),
        ShapeRules.Any("BatchNormalization", BatchNormalization),
        ShapeRules.Any("LayerNormalization", LayerNormalization),
        ShapeRules.Any("Dropout", c => [c.Like(c.Shape(0)), new(c.Opset >= 10 ? ElementType.Bool : c.Type(0), c.Shape(0))]),
    ];

    private static IReadOnlyList<Inferred> BatchNormalization(ShapeNode c)
    {
        if (c.Shape(0) is { } x && x.Count >= 2 && x[1].Size is { } channels)
        {
            for (int i = 1; i <= 4; i++)
            {
                if (c.Shape(i) is [{ Size: { } size }] && size != channels && c.Node.Int("spatial", 1) != 0)
                {
                    throw c.Contradiction($"{size} statistics do not fit {channels} channels");
                }
            }
        }

        var statistics = new Inferred(c.Type(3), c.Shape(3));
        return [c.Like(c.Shape(0)), statistics, statistics, statistics, statistics];
    }

    private static IReadOnlyList<Inferred> LayerNormalization(ShapeNode c)
    {
        if (c.Shape(0) is not { } x)
        {
            return [c.Like(null)];
        }

        int axis = c.Axis(c.Node.Int("axis", -1), x.Count);
        var statistics = new Inferred((ElementType)c.Node.Int("stash_type", 1), [.. x.Select((size, i) => i < axis ? size : Dimension.Of(1))]);
        return [c.Like(x), statistics, statistics];
    }
}
