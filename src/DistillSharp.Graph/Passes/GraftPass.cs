using DistillSharp.Graph.Passes.Opsets;

namespace DistillSharp.Graph.Passes;

/// <summary>Gives a model another end: what made its first output from some value on is replaced by another graph. The output keeps its name; what nothing reads any more goes.</summary>
/// <param name="value">The value that the other graph takes: an inner one.</param>
/// <param name="end">The other graph, of one input; its first output becomes the model's.</param>
/// <param name="path">What the names of the other graph's values and weights are put under.</param>
public sealed class GraftPass(string value, ModelGraph end, string path) : GraphPass
{
    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        // The older of the two is written for the newer one's operator set.
        int opset = Math.Max(graph.Opset, end.Opset);
        new UpgradeOpsetPass(new() { Target = opset }).ApplyInPlace(graph);
        var behind = end.Opset < opset ? new UpgradeOpsetPass(new() { Target = opset }).Apply(end).Graph : end;

        string output = graph.Outputs[0].Name;
        var uses = new GraphUses(graph);
        if (uses.Producer(value) is null || value == output)
        {
            throw new GraphException($"Nothing can be put behind '{value}': {(value == output ? "it is the model's output" : "no node makes it")}. Name a value inside the model.");
        }

        if (behind.Inputs.Count != 1)
        {
            throw new GraphException($"The graph that is to stand behind '{value}' has {behind.Inputs.Count} inputs ({string.Join(", ", behind.Inputs.Select(input => input.Name))}); it must have one.");
        }

        Release(graph, uses, output);
        var names = new Dictionary<string, string>(StringComparer.Ordinal) { [""] = "", [behind.Inputs[0].Name] = value, [behind.Outputs[0].Name] = output };
        string Named(string name) => names.TryGetValue(name, out string? known) ? known : names[name] = uses.Fresh($"{path}.{name}");
        foreach (var initializer in behind.Initializers)
        {
            graph.Add(new(Named(initializer.Name), initializer.Data.Clone(), initializer.Trainable) { Initialization = initializer.Initialization });
        }

        foreach (var node in behind.Nodes)
        {
            graph.Nodes.Add(Renamed(node, Named));
        }

        changes.Add("nodes put at the end", behind.Nodes.Count);
        new RemoveDeadPass(new()).ApplyInPlace(graph);
    }

    /// <summary>Takes the output's name from the node that made it.</summary>
    private static void Release(ModelGraph graph, GraphUses uses, string output)
    {
        if (uses.IsCaptured(output))
        {
            throw new GraphException($"A subgraph reads the output '{output}', so that nothing else can take its place.");
        }

        string old = uses.Fresh($"{output}.own");
        graph.ReplaceReads(output, old);
        var maker = uses.Producer(output) ?? throw new GraphException($"No node makes the output '{output}'.");
        maker.Outputs[maker.Outputs.IndexOf(output)] = old;
    }

    private GraphNode Renamed(GraphNode node, Func<string, string> named)
    {
        var copy = new GraphNode(node.Operation, node.Inputs.Select(named), node.Outputs.Select(named), $"{path}.{node.Name}") { Domain = node.Domain };
        foreach (var (name, attribute) in node.Attributes)
        {
            copy.Attributes.Add(name, attribute);
        }

        return copy;
    }
}
