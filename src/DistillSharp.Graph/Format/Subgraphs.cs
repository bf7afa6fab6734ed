namespace DistillSharp.Graph.Format;

/// <summary>The graphs inside nodes (If, Loop, Scan): kept unread, but for the names of outer values they may use.</summary>
internal static class Subgraphs
{
    /// <summary>Every name the node's subgraphs read and do not make themselves.</summary>
    public static IReadOnlySet<string> Captured(GraphNode node)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var opaque in node.Attributes.Values.OfType<OpaqueValue>().Where(value => value.Kind is "graph" or "graphs"))
        {
            var attribute = AttributeProto.Parser.ParseFrom(opaque.Serialized.Span);
            foreach (var graph in attribute.Graphs.Prepend(attribute.G).OfType<GraphProto>())
            {
                names.UnionWith(Captured(graph));
            }
        }

        return names;
    }

    /// <summary>Reads a branch.</summary>
    public static Subgraph Read(OpaqueValue branch)
    {
        var graph = AttributeProto.Parser.ParseFrom(branch.Serialized.Span).G ?? new();
        return new(
            [.. graph.Node.Select(NodeReader.Read)],
            [.. graph.Initializer.Select(tensor => (tensor.Name, TensorReader.CanRead(tensor) && tensor.DataLocation == TensorProto.Types.DataLocation.Default ? TensorReader.Read(tensor, folder: null) : null))],
            [.. graph.Output.Select(output => output.Name)]);
    }

    /// <summary>What a subgraph's outputs are declared to be; null if the node has no such subgraph.</summary>
    public static IReadOnlyList<GraphValue>? Outputs(GraphNode node, string attribute) =>
        node.Attributes.TryGetValue(attribute, out var value) && value is OpaqueValue { Kind: "graph" } branch
            ? AttributeProto.Parser.ParseFrom(branch.Serialized.Span).G?.Output.Select(ValueReader.Read).ToList()
            : null;

    /// <summary>The node under other names, those its subgraphs read included.</summary>
    public static GraphNode Renamed(GraphNode node, Dictionary<string, string> names, string prefix)
    {
        var message = GraphWriter.WriteNode(node);
        FunctionInliner.Rename(message, names);
        message.Name = message.Name.Length > 0 ? $"{prefix}/{message.Name}" : "";
        return NodeReader.Read(message);
    }

    private static HashSet<string> Captured(GraphProto graph)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in graph.Node)
        {
            names.UnionWith(node.Input);
            foreach (var inner in node.Attribute.SelectMany(attribute => attribute.Graphs.Prepend(attribute.G)).OfType<GraphProto>())
            {
                names.UnionWith(Captured(inner));
            }
        }

        names.UnionWith(graph.Output.Select(output => output.Name));
        names.ExceptWith(graph.Node.SelectMany(node => node.Output));
        names.ExceptWith(graph.Input.Select(input => input.Name));
        names.ExceptWith(graph.Initializer.Select(initializer => initializer.Name));
        names.Remove("");
        return names;
    }
}

/// <summary>A graph inside a node.</summary>
/// <param name="Nodes">Its nodes, in the file's order.</param>
/// <param name="Initializers">Its initialisers; without data where it cannot be read.</param>
/// <param name="Outputs">The names of its outputs.</param>
internal sealed record Subgraph(IReadOnlyList<GraphNode> Nodes, IReadOnlyList<(string Name, TensorData? Data)> Initializers, IReadOnlyList<string> Outputs);
