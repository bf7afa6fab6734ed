using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Analysis.Checking;

/// <summary>Each value is made once, before it is read; what is wanted is made.</summary>
internal static class NameRules
{
    public static void Check(ModelGraph graph, List<GraphProblem> problems)
    {
        var ready = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in graph.Inputs)
        {
            if (!ready.Add(input.Name))
            {
                problems.Error($"The input '{input.Name}' is listed twice.");
            }
        }

        foreach (var initializer in graph.Initializers.Where(initializer => !ready.Add(initializer.Name)))
        {
            problems.Error($"The initialiser '{initializer.Name}' has the name of an input.");
        }

        Nodes(graph, ready, problems);
        Outputs(graph, ready, problems);
        foreach (var group in graph.Nodes.Where(node => node.Name.Length > 0).GroupBy(node => node.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            problems.Add(new(false, $"{group.Count()} nodes are named '{group.Key}', so messages cannot tell them apart."));
        }
    }

    private static void Nodes(ModelGraph graph, HashSet<string> ready, List<GraphProblem> problems)
    {
        // A file's envelope may hold sparse weights, which the graph in memory does not show.
        var sparse = SparseNames(graph);
        ready.UnionWith(sparse);
        var made = graph.Nodes.SelectMany(node => node.Outputs).ToHashSet(StringComparer.Ordinal);
        var cyclic = Cyclic(graph);
        foreach (var node in graph.Nodes)
        {
            foreach (string name in node.Inputs.Where(name => name.Length > 0 && !ready.Contains(name)).Distinct(StringComparer.Ordinal))
            {
                problems.Error(!made.Contains(name) ? $"{node} reads '{name}', which nothing makes."
                    : cyclic.Contains(node) ? $"{node} reads '{name}', which depends on it: a cycle."
                    : $"{node} reads '{name}' before it is made; nodes must be in topological order.");
            }

            foreach (string name in Subgraphs.Captured(node).Where(name => made.Contains(name) && !ready.Contains(name)))
            {
                problems.Error($"A subgraph of {node} reads '{name}' before it is made.");
            }

            foreach (string name in node.Outputs.Where(name => name.Length > 0 && !ready.Add(name)))
            {
                problems.Error($"{node} makes '{name}', which exists already; each value is made once.");
            }
        }
    }

    private static void Outputs(ModelGraph graph, HashSet<string> ready, List<GraphProblem> problems)
    {
        if (graph.Outputs.Count == 0)
        {
            problems.Error("The graph has no outputs.");
        }

        foreach (var output in graph.Outputs.Where(output => !ready.Contains(output.Name)))
        {
            problems.Error($"The output '{output.Name}' is made by no node.");
        }

        foreach (var group in graph.Outputs.GroupBy(output => output.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            problems.Error($"The output '{group.Key}' is listed twice.");
        }
    }

    private static HashSet<string> SparseNames(ModelGraph graph) => graph.Envelope.IsEmpty ? []
        : [.. ModelProto.Parser.ParseFrom(graph.Envelope.Span).Graph?.SparseInitializer.Select(sparse => sparse.Values?.Name ?? "") ?? []];

    /// <summary>The nodes that lie on a cycle, or behind one: what is left when all others have been put in order.</summary>
    private static HashSet<GraphNode> Cyclic(ModelGraph graph)
    {
        var producers = new Dictionary<string, GraphNode>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
        {
            foreach (string name in node.Outputs)
            {
                producers.TryAdd(name, node);
            }
        }

        var left = graph.Nodes.ToHashSet();
        while (left.RemoveWhere(node => !node.Inputs.Any(name => producers.TryGetValue(name, out var producer) && left.Contains(producer))) > 0)
        {
        }

        return left;
    }
}
