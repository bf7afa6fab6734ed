using DistillSharp.Graph;

namespace DistillSharp.Execution.Patterns;

/// <summary>Recognises nodes for which libtorch has one better kernel. What lies between them is then never made, so it must be wanted by nobody and read by nobody else.</summary>
internal static class KnownPatterns
{
    private static readonly Func<GraphNode, ModelGraph, ValueSlots, (PlannedNode Fused, GraphNode First)?>[] s_patterns = [SiluPattern.Find, ConvNormPattern.Find];

    /// <summary>Puts one node in the place of several where a pattern is found.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="nodes">The nodes that are needed, in order.</param>
    /// <param name="wanted">The values that are asked for.</param>
    public static List<PlannedNode> Apply(ModelGraph graph, IReadOnlyList<GraphNode> nodes, IReadOnlyList<string> wanted)
    {
        var slots = new ValueSlots(nodes, wanted);
        var gone = new HashSet<GraphNode>(ReferenceEqualityComparer.Instance);
        var found = new Dictionary<GraphNode, PlannedNode>(ReferenceEqualityComparer.Instance);
        foreach (var node in nodes)
        {
            foreach (var pattern in s_patterns)
            {
                if (pattern(node, graph, slots) is var (fused, first))
                {
                    found.Add(node, fused);
                    gone.Add(first);
                    break;
                }
            }
        }

        return [.. nodes.Where(node => !gone.Contains(node)).Select(node => found.GetValueOrDefault(node) ?? PlannedNode.Of(node))];
    }
}
