namespace DistillSharp.Graph.Evaluation;

/// <summary>Works out nodes whose inputs are constants, in plain .NET: shape arithmetic, and what exporters leave of constant expressions.</summary>
internal static class ConstantEvaluator
{
    private static readonly Dictionary<string, Func<ConstantNode, TensorData[]>> s_rules = Collect(LayoutRules.All, NumberRules.All, CreationRules.All);

    /// <summary>Whether there is a rule for an operator of ONNX's own domain.</summary>
    public static bool Covers(GraphNode node) => node.Domain.Length == 0 && s_rules.ContainsKey(node.Operation);

    /// <summary>The outputs of a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="opset">The operator set.</param>
    /// <param name="inputs">Its inputs; null where one was left out.</param>
    /// <param name="limit">How many elements an output may have.</param>
    /// <returns>The outputs, or null if they cannot be told.</returns>
    public static TensorData[]? Evaluate(GraphNode node, int opset, IReadOnlyList<TensorData?> inputs, long limit)
    {
        if (!Covers(node))
        {
            return null;
        }

        try
        {
            return s_rules[node.Operation](new(node, opset, inputs, limit));
        }
        catch (Exception error) when (error is NotConstantException or OverflowException or NotSupportedException)
        {
            return null;
        }
    }

    private static Dictionary<string, Func<ConstantNode, TensorData[]>> Collect(params ReadOnlySpan<IReadOnlyDictionary<string, Func<ConstantNode, TensorData>>> families)
    {
        var rules = new Dictionary<string, Func<ConstantNode, TensorData[]>>(StringComparer.Ordinal) { ["Split"] = LayoutRules.Split };
        foreach (var family in families)
        {
            foreach (var (name, rule) in family)
            {
                rules.Add(name, node => [rule(node)]);
            }
        }

        return rules;
    }
}
