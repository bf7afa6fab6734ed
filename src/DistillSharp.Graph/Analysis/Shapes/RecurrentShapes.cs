namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>RNN, GRU and LSTM: the states of all steps, and those after the last one.</summary>
internal static class RecurrentShapes
{
    public static IEnumerable<ShapeRule> All => [ShapeRules.Any("RNN", States), ShapeRules.Any("GRU", States), ShapeRules.Any("LSTM", States)];

    private static IReadOnlyList<Inferred> States(ShapeNode c)
    {
        if (c.Shape(0) is not { } x)
        {
            return [c.Like(null), c.Like(null), c.Like(null)];
        }

        if (x.Count != 3)
        {
            throw c.Contradiction("a sequence has 3 dimensions");
        }

        // The weights of the states are [directions, gates * states, states].
        var weights = c.Shape(2);
        Dimension hidden = c.Node.Int("hidden_size", 0) is > 0 and var told ? Dimension.Of(told) : weights is [_, _, var own] ? own : Dimension.Unknown;
        Dimension directions = c.Node.Text("direction", "forward") == "bidirectional" ? 2 : 1;
        if (weights is not null && (weights.Count != 3 || (weights[0].Size is { } count && count != directions.Size)))
        {
            throw c.Contradiction($"the weights are not those of {directions} directions");
        }

        bool batchFirst = c.Opset >= 14 && c.Node.Int("layout", 0) != 0;
        IReadOnlyList<Dimension> last = batchFirst ? [x[0], directions, hidden] : [directions, x[1], hidden];
        return [c.Like(batchFirst ? [x[0], x[1], directions, hidden] : [x[0], directions, x[1], hidden]), c.Like(last), c.Like(last)];
    }
}
