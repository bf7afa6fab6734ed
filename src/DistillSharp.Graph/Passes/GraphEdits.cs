namespace DistillSharp.Graph.Passes;

/// <summary>The small changes that passes are made of.</summary>
public static class GraphEdits
{
    /// <summary>Sets an input, leaving optional ones before it out where the node has fewer.</summary>
    /// <param name="node">The node.</param>
    /// <param name="index">The input's 0-based position.</param>
    /// <param name="value">The value's name.</param>
    public static void SetInput(this GraphNode node, int index, string value)
    {
        ArgumentNullException.ThrowIfNull(node);
        while (node.Inputs.Count <= index)
        {
            node.Inputs.Add("");
        }

        node.Inputs[index] = value;
    }

    /// <summary>Gives a node a constant of its own at an input; the one it read goes if nothing else reads it.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="node">The node.</param>
    /// <param name="index">The input's 0-based position.</param>
    /// <param name="data">The constant.</param>
    public static void SetConstant(this ModelGraph graph, GraphNode node, int index, TensorData data)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(node);
        string? old = node.InputOrNull(index);
        string name = new GraphUses(graph).Fresh(old ?? $"{node.Outputs[0]}.input{index}");
        graph.Add(new(name, data, trainable: false));
        node.SetInput(index, name);
        if (old is not null)
        {
            graph.RemoveUnread([old]);
        }
    }

    /// <summary>Lets every node that reads a value read another instead. Graph outputs and subgraphs are not touched.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="value">The value's name.</param>
    /// <param name="other">The other's name.</param>
    public static void ReplaceReads(this ModelGraph graph, string value, string other)
    {
        ArgumentNullException.ThrowIfNull(graph);
        foreach (var node in graph.Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i] == value)
                {
                    node.Inputs[i] = other;
                }
            }
        }
    }

    /// <summary>Removes those of some initialisers that nothing reads any more.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="names">Their names; others are ignored.</param>
    /// <returns>How many were removed.</returns>
    public static int RemoveUnread(this ModelGraph graph, IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(names);
        var uses = new GraphUses(graph);
        return names.Distinct(StringComparer.Ordinal).Count(name => !uses.IsNeeded(name) && graph.RemoveInitializer(name));
    }
}
