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
        var walk = new ShapeWalk(graph);
        foreach (var node in graph.Nodes)
        {
            walk.Visit(node);
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
