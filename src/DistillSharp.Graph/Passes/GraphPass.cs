using DistillSharp.Graph.Analysis.Checking;

namespace DistillSharp.Graph.Passes;

/// <summary>A rewrite of a graph: graph in, graph out. What a model computes stays the same unless the pass says otherwise.</summary>
/// <remarks>
/// A pass that rewrites a weight first checks its consumers, then clones it or leaves it alone and says so. Passes a user can choose
/// by key are marked <see cref="PassAttribute"/>; their constructor takes nothing or an options record with defaults.
/// </remarks>
public abstract class GraphPass
{
    /// <summary>The pass's name in reports: its class without the ending.</summary>
    public string Name => GetType().Name.EndsWith("Pass", StringComparison.Ordinal) ? GetType().Name[..^4] : GetType().Name;

    /// <summary>Applies the pass to a copy.</summary>
    /// <param name="graph">The model; it is not changed.</param>
    /// <returns>The rewritten model, and what was changed.</returns>
    /// <exception cref="GraphException">The pass cannot be applied; the message names the node.</exception>
    public PassResult Apply(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return ApplyInPlace(graph.Clone());
    }

    /// <summary>Applies the pass to the graph itself; a graph that a failed pass leaves behind is of no use.</summary>
    /// <param name="graph">The model; it is changed.</param>
    /// <returns>The same graph, and what was changed.</returns>
    /// <exception cref="GraphException">The pass cannot be applied; the message names the node.</exception>
    public PassResult ApplyInPlace(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (graph.Nodes.FirstOrDefault(node => !OperatorSchemas.HasWhatItNeeds(node, graph.Opset)) is { } broken)
        {
            throw new GraphException($"{broken} lacks inputs or outputs that its operator requires: it has {broken.Inputs.Count(name => name.Length > 0)} and {broken.Outputs.Count}.");
        }

        var changes = new PassChanges(Name);
        Rewrite(graph, changes);
        return new(graph, [changes]);
    }

    /// <summary>Rewrites the graph.</summary>
    /// <param name="graph">The model, which is the pass's own to change.</param>
    /// <param name="changes">Takes what was changed, and what was left alone and why.</param>
    protected abstract void Rewrite(ModelGraph graph, PassChanges changes);
}

/// <summary>What came of one pass or several.</summary>
/// <param name="Graph">The rewritten model.</param>
/// <param name="Changes">What each pass changed, in order.</param>
public sealed record PassResult(ModelGraph Graph, IReadOnlyList<PassChanges> Changes);
