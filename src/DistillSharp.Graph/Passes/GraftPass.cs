using DistillSharp.Graph.Format;
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
        var behind = OfOneSet(graph);
        Check(behind);

        string output = graph.Outputs[0].Name;
        var uses = new GraphUses(graph);
        if (uses.Producer(value) is null || value == output)
        {
            throw new GraphException($"Nothing can be put behind '{value}': {(value == output ? "it is the model's output" : "no node makes it")}. Name a value inside the model.");
        }

        Release(graph, uses, output);
        var names = new Dictionary<string, string>(StringComparer.Ordinal) { [behind.Inputs[0].Name] = value, [behind.Outputs[0].Name] = output };
        foreach (string name in behind.Nodes.SelectMany(node => node.Outputs).Concat(behind.Initializers.Select(initializer => initializer.Name)).Where(name => name.Length > 0 && !names.ContainsKey(name)))
        {
            names.Add(name, uses.Fresh($"{path}.{name}"));
        }

        foreach (var initializer in behind.Initializers)
        {
            graph.Add(new(names[initializer.Name], initializer.Data.Clone(), initializer.Trainable) { Initialization = initializer.Initialization });
        }

        foreach (var node in behind.Nodes)
        {
            graph.Nodes.Add(Subgraphs.Renamed(node, names, path));
        }

        changes.Add("nodes put at the end", behind.Nodes.Count);
        new RemoveDeadPass(new()).ApplyInPlace(graph);
    }

    /// <summary>Writes the older of the two for the newer one's operator set.</summary>
    private ModelGraph OfOneSet(ModelGraph graph)
    {
        int opset = Math.Max(graph.Opset, end.Opset);
        new UpgradeOpsetPass(new() { Target = opset }).ApplyInPlace(graph);
        foreach (var (domain, version) in end.OtherOpsets)
        {
            if (!graph.OtherOpsets.TryAdd(domain, version) && graph.OtherOpsets[domain] != version)
            {
                throw new GraphException($"The model is written for version {graph.OtherOpsets[domain]} of the operators of '{domain}', the graph that is to stand behind '{value}' for version {version}.");
            }
        }

        return end.Opset < opset ? new UpgradeOpsetPass(new() { Target = opset }).Apply(end).Graph : end;
    }

    private void Check(ModelGraph behind)
    {
        if (behind.Inputs.Count != 1)
        {
            throw new GraphException($"The graph that is to stand behind '{value}' has {behind.Inputs.Count} inputs ({string.Join(", ", behind.Inputs.Select(input => input.Name))}); it must have one.");
        }

        if (behind.Outputs.Count == 0 || !behind.Nodes.Any(node => node.Outputs.Contains(behind.Outputs[0].Name)))
        {
            throw new GraphException($"No node makes the output of the graph that is to stand behind '{value}'.");
        }
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
}
