namespace DistillSharp.Graph.Passes;

/// <summary>Gives each node that shares a trainable weight a copy of its own. Exporters merge equal weights, such as scales that are all ones; training would then move them together.</summary>
/// <param name="options">Which weights.</param>
[Pass("untie", "Give each node that shares a trainable weight a copy of its own")]
public sealed class UntiePass(UntieOptions options) : GraphPass
{
    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        if (options.Weights.FirstOrDefault(name => graph.FindInitializer(name) is null) is { } missing)
        {
            throw new GraphException($"There is no weight named '{missing}' to untie.");
        }

        var uses = new GraphUses(graph);
        foreach (var weight in graph.Initializers.Where(weight => options.Weights.Count == 0 ? weight.Trainable : options.Weights.Contains(weight.Name)))
        {
            // The first reader keeps the weight and its name.
            var readers = uses.Readers(weight.Name).Where(use => use.Index >= 0).ToList();
            foreach (var use in readers.Skip(readers.Count == uses.Readers(weight.Name).Count && !uses.IsOutput(weight.Name) ? 1 : 0))
            {
                OwnedWeight.Claim(graph, uses, use.Node, use.Index);
                changes.Add("copies made");
            }
        }
    }
}

/// <summary>The options of <see cref="UntiePass"/>.</summary>
public sealed record UntieOptions
{
    /// <summary>The weights to separate; none means every trainable one. Default none.</summary>
    public IReadOnlyList<string> Weights { get; init; } = [];
}
