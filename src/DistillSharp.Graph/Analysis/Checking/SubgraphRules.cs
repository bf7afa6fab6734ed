using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Analysis.Checking;

/// <summary>The graphs inside nodes (If, Loop, Scan) keep the rules too, and read of the graphs around them only what is made before the node.</summary>
internal static class SubgraphRules
{
    /// <summary>Checks what a node of a graph in memory holds.</summary>
    public static void Check(GraphNode node, ValueScope outer, OpsetImports opsets, List<GraphProblem> problems)
    {
        foreach (var (name, opaque) in node.Attributes.Select(pair => (pair.Key, pair.Value as OpaqueValue)))
        {
            if (opaque?.Kind is "graph" or "graphs")
            {
                var attribute = AttributeProto.Parser.ParseFrom(opaque.Serialized.Span);
                foreach (var graph in attribute.Graphs.Prepend(attribute.G).OfType<GraphProto>())
                {
                    Check(graph, $"the subgraph '{name}' of {node}", new(outer), opsets, problems);
                }
            }
        }
    }

    /// <summary>Checks the nodes of a file's graph, of a subgraph or of a function.</summary>
    /// <param name="messages">The nodes.</param>
    /// <param name="where">What holds them, for messages; empty for the model's own graph.</param>
    /// <param name="scope">What is known before the first one.</param>
    /// <param name="opsets">What they are written for.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static void CheckNodes(IEnumerable<NodeProto> messages, string where, ValueScope scope, OpsetImports opsets, List<GraphProblem> problems)
    {
        var nodes = messages.ToList();
        var made = nodes.SelectMany(node => node.Output).ToHashSet(StringComparer.Ordinal);
        foreach (var message in nodes)
        {
            string what = where.Length > 0 ? $"{Describe(message)} of {where}" : Describe(message);
            foreach (string name in message.Input.Where(name => name.Length > 0 && !scope.Sees(name)).Distinct(StringComparer.Ordinal))
            {
                problems.Error(made.Contains(name) ? $"{what} reads '{name}' before it is made; nodes must be in topological order." : $"{what} reads '{name}', which nothing makes.");
            }

            foreach (var attribute in message.Attribute)
            {
                foreach (var graph in attribute.Graphs.Prepend(attribute.G).OfType<GraphProto>())
                {
                    Check(graph, $"the subgraph '{attribute.Name}' of {what}", new(scope), opsets, problems);
                }
            }

            foreach (string name in message.Output.Where(name => name.Length > 0))
            {
                if (scope.IsOuter(name) || !scope.Add(name))
                {
                    problems.Error($"{what} makes '{name}', which exists already; each value is made once, in subgraphs too.");
                }
            }

            if (Read(message, what, problems) is { } node)
            {
                NodeRules.Check(node, what, opsets, problems);
            }
        }
    }

    /// <summary>A node for messages, as <see cref="GraphNode"/> tells itself.</summary>
    public static string Describe(NodeProto node) => node.Name.Length > 0 ? $"{node.OpType} '{node.Name}'" : $"{node.OpType} -> '{node.Output.FirstOrDefault()}'";

    private static void Check(GraphProto graph, string where, ValueScope scope, OpsetImports opsets, List<GraphProblem> problems)
    {
        foreach (var (name, kind) in graph.Input.Select(input => (input.Name, "input")).Concat(graph.Initializer.Select(tensor => (tensor.Name, "initialiser"))))
        {
            if (scope.IsOuter(name))
            {
                problems.Add(new(false, $"The {kind} '{name}' of {where} hides a value of the graph around it."));
            }

            if (!scope.Add(name) && kind == "input")
            {
                problems.Error($"The input '{name}' of {where} is listed twice.");
            }
        }

        foreach (var sparse in graph.SparseInitializer)
        {
            scope.Add(sparse.Values?.Name ?? "");
        }

        CheckNodes(graph.Node, where, scope, opsets, problems);
        foreach (var output in graph.Output.Where(output => !scope.Sees(output.Name)))
        {
            problems.Error($"The output '{output.Name}' of {where} is made by no node.");
        }
    }

    private static GraphNode? Read(NodeProto message, string what, List<GraphProblem> problems)
    {
        try
        {
            return NodeReader.Read(message.Clone());
        }
        catch (GraphException error)
        {
            problems.Error($"{what}: {error.Message}");
            return null;
        }
    }
}
