namespace DistillSharp.Graph.Analysis;

/// <summary>Works out types and shapes of a graph's values from its inputs; a named batch size stays a name.</summary>
public static class ShapeInference
{
    /// <summary>Fills the graph's known values, node by node. What an operator without a rule makes stays as it was.</summary>
    /// <param name="graph">The graph; its known values are changed.</param>
    /// <exception cref="GraphException">Shapes contradict an operator; the message names the node and the shapes.</exception>
    public static void Infer(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        foreach (var node in graph.Nodes)
        {
            InferNode(graph, node);
        }
    }

    /// <summary>Works out one node's outputs, its inputs being known.</summary>
    /// <param name="graph">The graph; its known values are changed.</param>
    /// <param name="node">The node.</param>
    public static void InferNode(ModelGraph graph, GraphNode node)
    {
        if (node.Domain.Length > 0 || node.Outputs.Count == 0 || ShapeRules.Find(node.Operation) is not { } rule || Find(graph, node.InputOrNull(0)) is not { Shape: not null } first)
        {
            return;
        }

        var context = new ShapeContext(graph, node, first);
        IReadOnlyList<IReadOnlyList<Dimension>> shapes;
        try
        {
            shapes = rule(context);
        }
        catch (OverflowException)
        {
            throw context.Contradiction("the sizes are beyond all bounds");
        }

        for (int i = 0; i < Math.Min(shapes.Count, node.Outputs.Count); i++)
        {
            if (node.Outputs[i].Length > 0)
            {
                graph.KnownValues[node.Outputs[i]] = new(node.Outputs[i], first.Type, shapes[i]);
            }
        }
    }

    /// <summary>What is known of a value: a graph input, an initialiser, or one between; null if nothing.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">The value's name, or null.</param>
    public static GraphValue? Find(ModelGraph graph, string? name)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (name is null)
        {
            return null;
        }

        if (graph.FindInitializer(name) is { } initializer)
        {
            return new(name, initializer.Data.Type, [.. initializer.Data.Shape.Select(Dimension.Of)]);
        }

        return graph.KnownValues.TryGetValue(name, out var known) ? known : graph.Inputs.FirstOrDefault(input => input.Name == name);
    }
}
