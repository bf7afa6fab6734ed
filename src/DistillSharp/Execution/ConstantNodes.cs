using DistillSharp.Graph;

namespace DistillSharp.Execution;

/// <summary>Turns Constant nodes into initialisers, so that a kernel sees one kind of constant.</summary>
internal static class ConstantNodes
{
    /// <summary>Replaces the nodes whose value the executor can hold; others stay and are refused where they are needed.</summary>
    /// <param name="graph">The graph; it is changed.</param>
    public static void Hoist(ModelGraph graph)
    {
        var kept = new List<GraphNode>(graph.Nodes.Count);
        foreach (var node in graph.Nodes)
        {
            if (node is { Domain: "", Operation: "Constant", Outputs: [{ Length: > 0 } name] } && ValueOf(node) is { } value && graph.FindInitializer(name) is null)
            {
                graph.Add(new(name, value, trainable: false));
            }
            else
            {
                kept.Add(node);
            }
        }

        graph.Nodes.Clear();
        kept.ForEach(graph.Nodes.Add);
    }

    private static TensorData? ValueOf(GraphNode node) => (node.Attributes.Count == 1 ? node.Attributes.Select(attribute => (attribute.Key, attribute.Value)).First() : default) switch
    {
        ("value", TensorValue tensor) => tensor.Value,
        ("value_float", FloatValue number) => TensorData.Create<float>([number.Value]),
        ("value_floats", FloatsValue numbers) => TensorData.Create<float>([.. numbers.Values], numbers.Values.Count),
        ("value_int", IntValue number) => TensorData.Create<long>([number.Value]),
        ("value_ints", IntsValue numbers) => TensorData.Create<long>([.. numbers.Values], numbers.Values.Count),
        _ => null,
    };
}
