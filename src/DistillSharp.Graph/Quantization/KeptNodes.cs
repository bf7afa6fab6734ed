namespace DistillSharp.Graph.Quantization;

/// <summary>The nodes a user wants to stay in float.</summary>
internal static class KeptNodes
{
    public static HashSet<GraphNode> Of(ModelGraph graph, QuantizationOptions options)
    {
        var kept = new HashSet<GraphNode>(ReferenceEqualityComparer.Instance);
        foreach (string name in options.KeepFloat)
        {
            var found = graph.Nodes.Where(node => node.Name == name || node.Outputs.Contains(name)).ToList();
            kept.UnionWith(found.Count > 0 ? found : throw Unknown("node", name, graph.Nodes.SelectMany(node => node.Outputs.Prepend(node.Name)).Where(known => known.Length > 0)));
        }

        foreach (string operation in options.KeepFloatOperators)
        {
            var found = graph.Nodes.Where(node => node.Operation == operation).ToList();
            kept.UnionWith(found.Count > 0 ? found : throw Unknown("operator", operation, graph.Nodes.Select(node => node.Operation)));
        }

        return kept;
    }

    private static GraphException Unknown(string what, string name, IEnumerable<string> known)
    {
        string[] names = [.. known.Distinct(StringComparer.Ordinal)];
        string hint = NearMiss.Of(name, names) is { } near ? $"Did you mean '{near}'?" : $"There are {string.Join(", ", names.Take(10).Select(one => $"'{one}'"))}{(names.Length > 10 ? $" and {names.Length - 10} more" : "")}.";
        return new($"The {what} '{name}' is to stay in float, but the graph holds none of that name. {hint}");
    }
}
