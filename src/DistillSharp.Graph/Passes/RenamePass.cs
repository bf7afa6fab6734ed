namespace DistillSharp.Graph.Passes;

/// <summary>Renames inputs, outputs, and whatever other values are named.</summary>
/// <param name="names">The new name of each value by its old one.</param>
public sealed class RenamePass(IReadOnlyDictionary<string, string> names) : GraphPass
{
    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        var uses = new GraphUses(graph);
        var all = graph.Inputs.Select(input => input.Name).Concat(graph.Initializers.Select(initializer => initializer.Name)).Concat(graph.Nodes.SelectMany(node => node.Outputs)).ToHashSet(StringComparer.Ordinal);
        foreach (var (old, name) in names)
        {
            if (!all.Contains(old))
            {
                throw new GraphException($"There is no value named '{old}' to rename. The inputs are {Listed(graph.Inputs)}, the outputs {Listed(graph.Outputs)}.");
            }

            if (name.Length == 0 || (all.Contains(name) && !names.ContainsKey(name)) || names.Values.Count(other => other == name) > 1)
            {
                throw new GraphException($"'{old}' cannot be renamed to '{name}': {(name.Length == 0 ? "a value needs a name" : "another value has that name")}.");
            }

            if (uses.IsCaptured(old))
            {
                throw new GraphException($"'{old}' cannot be renamed: a subgraph of {uses.Readers(old).First(use => use.Index < 0).Node} reads it by its name.");
            }
        }

        string New(string old) => names.GetValueOrDefault(old, old);
        Values(graph.Inputs, New);
        Values(graph.Outputs, New);
        foreach (var node in graph.Nodes)
        {
            Names(node.Inputs, New);
            Names(node.Outputs, New);
        }

        foreach (var known in graph.KnownValues.Values.Where(known => names.ContainsKey(known.Name)).ToList())
        {
            graph.KnownValues.Remove(known.Name);
        }

        var weights = graph.Initializers.Where(initializer => names.ContainsKey(initializer.Name)).ToList();
        weights.ForEach(weight => graph.RemoveInitializer(weight.Name));
        weights.ForEach(weight => graph.Add(new(names[weight.Name], weight.Data, weight.Trainable) { Initialization = weight.Initialization, Unshown = weight.Unshown }));

        changes.Add("values renamed", names.Count);
    }

    private static string Listed(IEnumerable<GraphValue> values) => string.Join(", ", values.Select(value => $"'{value.Name}'"));

    private static void Values(IList<GraphValue> values, Func<string, string> rename)
    {
        for (int i = 0; i < values.Count; i++)
        {
            values[i] = values[i] with { Name = rename(values[i].Name) };
        }
    }

    private static void Names(IList<string> values, Func<string, string> rename)
    {
        for (int i = 0; i < values.Count; i++)
        {
            values[i] = rename(values[i]);
        }
    }
}
