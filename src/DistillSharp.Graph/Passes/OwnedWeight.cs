namespace DistillSharp.Graph.Passes;

/// <summary>A weight that one node alone reads, so that it may be rewritten.</summary>
public static class OwnedWeight
{
    /// <summary>The initialiser at a node's input, for this input alone: cloned under a new name where something else reads it too.</summary>
    /// <param name="graph">The graph; it is changed if the weight is cloned.</param>
    /// <param name="uses">Who reads what in the graph as it is.</param>
    /// <param name="node">The node.</param>
    /// <param name="index">The input's 0-based position; an initialiser is there.</param>
    /// <returns>The initialiser, which may be changed.</returns>
    public static Initializer Claim(ModelGraph graph, GraphUses uses, GraphNode node, int index)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(uses);
        ArgumentNullException.ThrowIfNull(node);
        var weight = graph.FindInitializer(node.InputOrNull(index)) ?? throw new GraphException($"Input {index} of {node} is no initialiser.");
        if (uses.Readers(weight.Name).Count == 1 && !uses.IsOutput(weight.Name))
        {
            return weight;
        }

        var clone = new Initializer(uses.Fresh(weight.Name + ".own"), weight.Data.Clone(), weight.Trainable) { Frozen = weight.Frozen, Initialization = weight.Initialization, Unshown = weight.Unshown };
        graph.Add(clone);
        node.Inputs[index] = clone.Name;
        return clone;
    }
}
