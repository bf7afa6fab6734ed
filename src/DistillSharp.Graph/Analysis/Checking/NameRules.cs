namespace DistillSharp.Graph.Analysis.Checking;

/// <summary>Each value is made once, before it is read; what is wanted is made.</summary>
internal static class NameRules
{
    public static void Check(ModelGraph graph, List<GraphProblem> problems)
    {
        var scope = new ValueScope();
        foreach (var input in graph.Inputs)
        {
            if (!scope.Add(input.Name))
            {
                problems.Error($"The input '{input.Name}' is listed twice.");
            }
        }

        foreach (var initializer in graph.Initializers.Where(initializer => !scope.Add(initializer.Name)))
        {
            problems.Error($"The initialiser '{initializer.Name}' has the name of an input.");
        }

        // A file's envelope may hold weights that the graph in memory does not show.
        foreach (string name in graph.UnshownWeights)
        {
            scope.Add(name);
        }

        Nodes(graph, scope, problems);
        Outputs(graph, scope, problems);
        foreach (var group in graph.Nodes.Where(node => node.Name.Length > 0).GroupBy(node => node.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            problems.Add(new(false, $"{group.Count()} nodes are named '{group.Key}', so messages cannot tell them apart."));
        }
    }

    private static void Nodes(ModelGraph graph, ValueScope scope, List<GraphProblem> problems)
    {
        var made = graph.Nodes.SelectMany(node => node.Outputs).ToHashSet(StringComparer.Ordinal);
        var cyclic = Cyclic(graph);
        var opsets = new OpsetImports(graph.Opset, graph.OtherOpsets);
        foreach (var node in graph.Nodes)
        {
            foreach (string name in node.Inputs.Where(name => name.Length > 0 && !scope.Owns(name)).Distinct(StringComparer.Ordinal))
            {
                problems.Error(!made.Contains(name) ? $"{node} reads '{name}', which nothing makes."
                    : cyclic.Contains(node) ? $"{node} reads '{name}', which depends on it: a cycle."
                    : $"{node} reads '{name}' before it is made; nodes must be in topological order.");
            }

            SubgraphRules.Check(node, scope, opsets, problems);
            foreach (string name in node.Outputs.Where(name => name.Length > 0 && !scope.Add(name)))
            {
                problems.Error($"{node} makes '{name}', which exists already; each value is made once.");
            }
        }
    }

    private static void Outputs(ModelGraph graph, ValueScope scope, List<GraphProblem> problems)
    {
        if (graph.Outputs.Count == 0)
        {
            problems.Error("The graph has no outputs.");
        }

        foreach (var output in graph.Outputs.Where(output => !scope.Owns(output.Name)))
        {
            problems.Error($"The output '{output.Name}' is made by no node.");
        }

        foreach (var group in graph.Outputs.GroupBy(output => output.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            problems.Error($"The output '{group.Key}' is listed twice.");
        }
    }

    /// <summary>The nodes that lie on a cycle, or behind one: what is left when all others have been put in order.</summary>
    private static HashSet<GraphNode> Cyclic(ModelGraph graph)
    {
        var producers = new Dictionary<string, GraphNode>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
        {
            foreach (string name in node.Outputs.Where(name => name.Length > 0))
            {
                producers.TryAdd(name, node);
            }
        }

        var readers = new Dictionary<GraphNode, List<GraphNode>>(ReferenceEqualityComparer.Instance);
        var missing = new Dictionary<GraphNode, int>(ReferenceEqualityComparer.Instance);
        foreach (var node in graph.Nodes)
        {
            missing[node] = 0;
            foreach (var producer in node.Inputs.Select(name => producers.GetValueOrDefault(name)).OfType<GraphNode>())
            {
                (readers.TryGetValue(producer, out var list) ? list : readers[producer] = []).Add(node);
                missing[node]++;
            }
        }

        var ready = new Stack<GraphNode>(graph.Nodes.Where(node => missing[node] == 0));
        while (ready.TryPop(out var node))
        {
            foreach (var reader in readers.GetValueOrDefault(node, []))
            {
                if (--missing[reader] == 0)
                {
                    ready.Push(reader);
                }
            }
        }

        return [.. graph.Nodes.Where(node => missing[node] > 0)];
    }
}
