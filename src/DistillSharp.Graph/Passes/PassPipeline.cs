namespace DistillSharp.Graph.Passes;

/// <summary>Several passes, one after the other.</summary>
/// <param name="passes">The passes, in order.</param>
public sealed class PassPipeline(params IEnumerable<GraphPass> passes)
{
    private readonly GraphPass[] _passes = [.. passes];

    /// <summary>The passes, in order.</summary>
    public IReadOnlyList<GraphPass> Passes => _passes;

    /// <summary>Runs the passes on one copy of the model.</summary>
    /// <param name="graph">The model; it is not changed.</param>
    /// <returns>The rewritten model, and what each pass changed.</returns>
    /// <exception cref="GraphException">A pass cannot be applied; the message names the pass and the node.</exception>
    public PassResult Run(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return RunInPlace(graph.Clone());
    }

    /// <summary>Runs the passes on the graph itself; a graph that a failed pass leaves behind is of no use.</summary>
    /// <param name="graph">The model; it is changed.</param>
    /// <returns>The same graph, and what each pass changed.</returns>
    /// <exception cref="GraphException">A pass cannot be applied; the message names the pass and the node.</exception>
    public PassResult RunInPlace(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var changes = new List<PassChanges>(_passes.Length);
        foreach (var pass in _passes)
        {
            try
            {
                changes.AddRange(pass.ApplyInPlace(graph).Changes);
            }
            catch (GraphException error)
            {
                throw new GraphException($"The pass {pass.Name} cannot be applied: {error.Message}", error);
            }
        }

        return new(graph, changes);
    }
}
