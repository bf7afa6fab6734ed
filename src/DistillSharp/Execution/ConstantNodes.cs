using DistillSharp.Graph;

namespace DistillSharp.Execution;

/// <summary>Turns Constant nodes into initialisers, so that a kernel sees one kind of constant.</summary>
internal static class ConstantNodes
{
    /// <summary>Replaces the nodes whose value the executor can hold; others stay and are refused where they are needed.</summary>
    /// <param name="graph">The graph; it is changed.</param>
    public static void Hoist(ModelGraph graph)
    {
        foreach (var node in graph.Nodes.Where(node => node.Domain.Length == 0 && node.Operation == "Constant" && node.Outputs.Count == 1).ToList())
        {
            if (ValueOf(node) is { } value && graph.FindInitializer(node.Outputs[0]) is null)
            {
                graph.Nodes.Remove(node);
                graph.Add(new(node.Outputs[0], value, trainable: false));
            }
        }
    }

    private static TensorData? ValueOf(GraphNode node) => node.Attributes.Select(attribute => (attribute.Key, attribute.Value)).SingleOrDefault() switch
    {
        ("value", TensorValue tensor) => tensor.Value,
        ("value_float", FloatValue number) => TensorData.Create<float>([number.Value]),
        ("value_floats", FloatsValue numbers) => TensorData.Create<float>([.. numbers.Values], numbers.Values.Count),
        ("value_int", IntValue number) => TensorData.Create<long>([number.Value]),
        ("value_ints", IntsValue numbers) => TensorData.Create<long>([.. numbers.Values], numbers.Values.Count),
        _ => null,
    };
}
