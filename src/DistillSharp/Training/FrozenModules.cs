using DistillSharp.Graph;

namespace DistillSharp.Training;

/// <summary>Takes modules out of training: no gradient changes their weights, and their batch norms evaluate, with the statistics that they have.</summary>
internal static class FrozenModules
{
    /// <summary>The graph with the weights and statistics of some modules marked as frozen; the graph itself where there are none.</summary>
    /// <param name="graph">The model; it is not changed.</param>
    /// <param name="paths">The modules' paths.</param>
    /// <exception cref="GraphException">A path has no weights below it, or nothing is left to train.</exception>
    public static ModelGraph Of(ModelGraph graph, IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
        {
            return graph;
        }

        graph = graph.Clone();
        foreach (string path in paths)
        {
            var below = graph.Initializers.Where(initializer => initializer.Name == path || initializer.Name.StartsWith(path + ".", StringComparison.Ordinal)).ToList();
            if (below.Count == 0)
            {
                throw new GraphException($"The module '{path}' cannot be frozen: '{graph.Name}' has no weight of that name or below it. Weights are named like '{graph.Initializers.FirstOrDefault(initializer => initializer.Trainable)?.Name}'.");
            }

            below.ForEach(initializer => (initializer.Trainable, initializer.Frozen) = (false, true));
        }

        return graph.Initializers.Any(initializer => initializer.Trainable) ? graph : throw new GraphException($"Freezing {string.Join(", ", paths)} leaves '{graph.Name}' without a weight to train.");
    }
}
