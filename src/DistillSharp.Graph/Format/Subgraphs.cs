using Google.Protobuf;

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
