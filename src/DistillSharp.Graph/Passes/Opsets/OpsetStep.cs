using DistillSharp.Graph.Analysis;

namespace DistillSharp.Graph.Passes.Opsets;

/// <summary>A node that is rewritten for one version of the operator set.</summary>
/// <param name="graph">The graph; it is changed.</param>
/// <param name="node">The node.</param>
/// <param name="version">The operator set it is rewritten for.</param>
internal sealed class OpsetStep(ModelGraph graph, GraphNode node, int version)
{
    public ModelGraph Graph => graph;

    public GraphNode Node => node;

    /// <summary>The first input's dimensions, or null.</summary>
    public IReadOnlyList<Dimension>? X => ShapeInference.Find(graph, node.InputOrNull(0))?.Shape;

    public ElementType Type => ShapeInference.Find(graph, node.InputOrNull(0))?.Type ?? ElementType.Undefined;

    /// <summary>Takes an attribute away from the node.</summary>
    public AttributeValue? Take(string name)
    {
        node.Attributes.Remove(name, out var value);
        return value;
    }

    /// <summary>Takes an attribute of integers away and gives the node a constant input instead; nothing if it has none.</summary>
    public void IntegersToInput(string attribute, int index)
    {
        if (Take(attribute) is IntsValue { Values: var values })
        {
            Constant(index, attribute, TensorData.Create<long>([.. values], values.Count));
        }
    }

    /// <summary>Gives the node a constant input.</summary>
    public void Constant(int index, string what, TensorData data)
    {
        string name = new GraphUses(graph).Fresh($"{node.Outputs[0]}.{what}");
        graph.Add(new(name, data, trainable: false));
        node.SetInput(index, name);
    }

    /// <summary>A value name that is free.</summary>
    public string Fresh(string what) => new GraphUses(graph).Fresh($"{node.Outputs[0]}.{what}");

    /// <summary>Puts a node in, right before or behind this one.</summary>
    public GraphNode Insert(int offset, string operation, string[] inputs, string output)
    {
        var added = new GraphNode(operation, inputs, [output], node.Name.Length > 0 ? $"{node.Name}.{operation}" : "");
        graph.Nodes.Insert(graph.Nodes.IndexOf(node) + offset, added);
        return added;
    }

    public bool IsNeeded(int output) => output < node.Outputs.Count && new GraphUses(graph).IsNeeded(node.Outputs[output]);

    public GraphException Refusal(string why) => new($"{node} cannot be written for operator set {version}: {why}.");
}
