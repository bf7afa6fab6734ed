namespace DistillSharp.Graph.Analysis.Roles;

/// <summary>The running means and variances of a graph's batch norms: which of them training moves, and which norms share them.</summary>
public static class RunningStatistics
{
    private const int Mean = 3, Variance = 4;

    /// <summary>Whether a node is a batch norm with statistics.</summary>
    /// <param name="node">The node.</param>
    public static bool Has(GraphNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node is { Domain: "", Operation: "BatchNormalization", Inputs.Count: > Variance };
    }

    /// <summary>
    /// Whether a batch norm is frozen, so that it evaluates in training too: its statistics are frozen, or neither its scale nor its bias is trained. A norm that has
    /// no scale and bias to train (all ones, all zeros, never drawn) goes on moving its statistics.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="norm">The batch norm.</param>
    public static bool Frozen(ModelGraph graph, GraphNode norm)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(norm);
        if (!Has(norm))
        {
            return false;
        }

        Initializer? At(int index) => graph.FindInitializer(norm.InputOrNull(index));
        return At(Mean) is { Frozen: true } || At(Variance) is { Frozen: true }
            || (At(1) is { Trainable: false } scale && At(2) is { Trainable: false } bias && (scale.Frozen || bias.Frozen || !IsAll(scale, 1) || !IsAll(bias, 0)));
    }

    /// <summary>The statistics that training moves, by name.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="nodes">The nodes that are run.</param>
    /// <exception cref="GraphException">One of them is also read as something else, or belongs to two norms; the message names them.</exception>
    public static IReadOnlySet<string> Moved(ModelGraph graph, IEnumerable<GraphNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(nodes);
        var owners = new Dictionary<string, (string Place, GraphNode Norm)>(StringComparer.Ordinal);
        var all = nodes.ToList();
        foreach (var node in all.Where(node => Has(node) && !Frozen(graph, node)))
        {
            foreach (int index in (int[])[Mean, Variance])
            {
                string name = node.Inputs[index], place = PlaceOf(node, index);
                if (graph.FindInitializer(name) is not null && owners.TryGetValue(name, out var owner) && owner.Place != place)
                {
                    throw Shared(name, owner.Norm, node);
                }

                owners[name] = (place, node);
            }
        }

        foreach (var node in all)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (graph.FindInitializer(node.Inputs[i]) is { } initializer && owners.TryGetValue(initializer.Name, out var owner) && !(Has(node) && i >= Mean && PlaceOf(node, i) == owner.Place))
                {
                    throw Shared(initializer.Name, owner.Norm, node);
                }
            }
        }

        return owners.Keys.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Norms that read the same four parameters are one norm that is run several times: such share their statistics rightly.</summary>
    internal static string PlaceOf(GraphNode norm, int index) => string.Join('\n', norm.Inputs.Skip(1).Append(index == Mean ? "mean" : "variance"));

    private static bool IsAll(Initializer initializer, double number) => initializer.Initialization is null && initializer.Data.Type.IsFloat() && Array.TrueForAll(initializer.Data.ToDoubles(), one => one == number);

    private static GraphException Shared(string name, GraphNode norm, GraphNode other) =>
        new($"'{name}' is a running statistic of {norm}, but {other} reads it too, so training would change both. Separate them with: distill convert MODEL --pass untie --out FILE.");
}
