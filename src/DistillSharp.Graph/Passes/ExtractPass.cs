using DistillSharp.Graph.Analysis;

namespace DistillSharp.Graph.Passes;

/// <summary>Cuts a part out of a graph: what lies between some values and some others. A backbone without its head, or the head alone.</summary>
/// <param name="inputs">The values that are fed; none means the inputs there are.</param>
/// <param name="outputs">The values that are wanted, in order.</param>
public sealed class ExtractPass(IReadOnlyList<string> inputs, IReadOnlyList<string> outputs) : GraphPass
{
    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        ShapeInference.Infer(graph);
        var uses = new GraphUses(graph);
        GraphValue Value(string name) => graph.Inputs.FirstOrDefault(input => input.Name == name)
            ?? (uses.Producer(name) is null ? throw new GraphException($"There is no value named '{name}' to cut at.")
                : graph.Outputs.FirstOrDefault(output => output.Name == name && output.Shape is not null) ?? ShapeInference.Find(graph, name) ?? new(name, ElementType.Float32, null));

        var fed = (inputs.Count == 0 ? graph.Inputs.Select(input => input.Name) : inputs).Select(Value).ToList();
        var wanted = outputs.Count == 0 ? throw new GraphException("Nothing is wanted of the graph; name its outputs.") : outputs.Select(Value).ToList();
        var needed = outputs.ToHashSet(StringComparer.Ordinal);
        int before = graph.Nodes.Count;
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = graph.Nodes[i];
            if (!node.Outputs.Any(name => needed.Contains(name) && fed.All(value => value.Name != name)))
            {
                graph.Nodes.RemoveAt(i);
                continue;
            }

            if (node.Outputs.FirstOrDefault(name => fed.Any(value => value.Name == name)) is { } both)
            {
                throw new GraphException($"{node} makes '{both}', which is fed, and another value that is needed.");
            }

            needed.UnionWith(node.Inputs);
            needed.UnionWith(Format.Subgraphs.Captured(node));
        }

        if (graph.Inputs.FirstOrDefault(input => needed.Contains(input.Name) && fed.All(value => value.Name != input.Name)) is { } missing)
        {
            throw new GraphException($"{string.Join(", ", outputs.Select(name => $"'{name}'"))} also depends on the input '{missing.Name}'; feed it too, or cut elsewhere.");
        }

        Replace(graph.Inputs, fed.Where(value => needed.Contains(value.Name)));
        Replace(graph.Outputs, wanted);
        foreach (string name in graph.Initializers.Select(initializer => initializer.Name).Where(name => !needed.Contains(name)).ToList())
        {
            graph.RemoveInitializer(name);
        }

        graph.KnownValues.Clear();
        ShapeInference.Infer(graph);
        changes.Add("nodes cut off", before - graph.Nodes.Count);
    }

    private static void Replace(IList<GraphValue> values, IEnumerable<GraphValue> by)
    {
        var list = by.ToList();
        values.Clear();
        list.ForEach(values.Add);
    }
}
