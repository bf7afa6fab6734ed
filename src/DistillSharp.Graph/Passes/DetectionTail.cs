namespace DistillSharp.Graph.Passes;

/// <summary>
/// The end of a detector: what turns raw maps into boxes and scores, after the last learned layer. It calculates in pixels, with hundreds where
/// probabilities go to thousandths, so that neither float16 nor INT8 serves it; a filter of the distances 0, 1, 2, ... (arXiv:2006.04388) is part of it.
/// </summary>
public static class DetectionTail
{
    /// <summary>The nodes after the last learned layer, in order.</summary>
    /// <param name="graph">The model.</param>
    /// <returns>None where the model ends in a learned layer.</returns>
    public static IReadOnlyList<GraphNode> NodesOf(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var needed = new HashSet<string>(StringComparer.Ordinal);
        var tail = new List<GraphNode>();
        foreach (var node in graph.Nodes.Reverse())
        {
            if (IsLearned(graph, node) || node.Outputs.Any(needed.Contains))
            {
                needed.UnionWith(node.Inputs);
                needed.UnionWith(Format.Subgraphs.Captured(node));
            }
            else
            {
                tail.Add(node);
            }
        }

        tail.Reverse();
        return tail;
    }

    /// <summary>The names by which options of <see cref="Float16Pass"/> and of the quantiser know these nodes: a node's own, or that of the value it makes.</summary>
    /// <param name="graph">The model.</param>
    public static IReadOnlyList<string> NamesOf(ModelGraph graph) => [.. NodesOf(graph).Select(node => node.Name.Length > 0 ? node.Name : node.Outputs[0])];

    private static bool IsLearned(ModelGraph graph, GraphNode node) =>
        node.Operation is "Conv" or "ConvTranspose" or "Gemm" or "MatMul" && node.Inputs.Select(graph.FindInitializer).FirstOrDefault(initializer => initializer is not null) is { } weight && !IsDistances(weight.Data);

    private static bool IsDistances(TensorData weight)
    {
        if (weight.Shape is not [1, > 1 and <= 256, 1, 1] || !weight.Type.IsFloat())
        {
            return false;
        }

        double[] values = weight.ToDoubles();
        return Enumerable.Range(0, values.Length).All(i => values[i] == i);
    }
}
