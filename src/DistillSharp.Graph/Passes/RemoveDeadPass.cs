namespace DistillSharp.Graph.Passes;

/// <summary>Removes nodes and initialisers that no output depends on, and unread inputs if asked to.</summary>
/// <param name="options">What is removed.</param>
[Pass("remove-dead", "Remove nodes and initialisers that no output depends on")]
public sealed class RemoveDeadPass(RemoveDeadOptions options) : GraphPass
{
    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        var needed = new HashSet<string>(graph.Outputs.Select(output => output.Name), StringComparer.Ordinal);
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = graph.Nodes[i];
            if (node.Outputs.Any(needed.Contains))
            {
                needed.UnionWith(node.Inputs);
                needed.UnionWith(Format.Subgraphs.Captured(node));
                continue;
            }

            graph.Nodes.RemoveAt(i);
            changes.Add("nodes removed");
            foreach (string name in node.Outputs)
            {
                graph.KnownValues.Remove(name);
            }
        }

        foreach (var initializer in graph.Initializers.Where(initializer => !needed.Contains(initializer.Name)))
        {
            graph.RemoveInitializer(initializer.Name);
            changes.Add("initialisers removed");
        }

        foreach (var input in graph.Inputs.Where(input => options.Inputs && !needed.Contains(input.Name)).ToList())
        {
            graph.Inputs.Remove(input);
            changes.Add("inputs removed");
        }
    }
}

/// <summary>The options of <see cref="RemoveDeadPass"/>.</summary>
public sealed record RemoveDeadOptions
{
    /// <summary>Whether inputs that nothing reads go too, which changes what a caller must feed. Default false.</summary>
    public bool Inputs { get; init; }
}
