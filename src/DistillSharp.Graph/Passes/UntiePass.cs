using DistillSharp.Graph.Analysis.Roles;

namespace DistillSharp.Graph.Passes;

/// <summary>
/// Gives each node that shares a trainable weight or a running statistic a copy of its own. Exporters merge equal tensors, such as scales and variances that are all
/// ones; training would then move them together. Norms that share all four parameters are one norm, run several times, and go on sharing their statistics where
/// only mixed roles are separated.
/// </summary>
/// <param name="options">Which weights.</param>
[Pass("untie", "Give each node that shares a trainable weight or a running statistic a copy of its own")]
public sealed class UntiePass(UntieOptions options) : GraphPass
{
    /// <summary>What the pass counts.</summary>
    public const string Copies = "copies made";

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
        var roles = ParameterRoles.Of(graph);
        foreach (var weight in graph.Initializers.Where(weight => options.Weights.Count == 0 || options.Weights.Contains(weight.Name)))
        {
            var readers = uses.Readers(weight.Name).Select(use => (use.Node, use.Index, Use: use.Index < 0 ? null : roles.UseAt(weight, use.Node, use.Index))).ToList();
            bool chosen = options.MixedOnly ? IsMixed(weight, readers) : options.Weights.Count > 0 || weight.Trainable || readers.Exists(reader => reader.Use?.Role == ParameterRole.Statistic);
            if (readers.Count > 1 && chosen)
            {
                Separate(graph, uses, weight, readers, changes);
            }
        }
    }

    /// <summary>The first reader keeps the weight and its name, unless others must go on reading it: subgraphs, the caller, arithmetic that makes one weight of several.</summary>
    private static void Separate(ModelGraph graph, GraphUses uses, Initializer weight, List<(GraphNode Node, int Index, ParameterUse? Use)> readers, PassChanges changes)
    {
        bool trains = weight.Trainable;
        var movable = readers.FindAll(reader => reader.Index >= 0 && reader.Use?.Computed != true);
        int kept = movable.Count == readers.Count && !uses.IsOutput(weight.Name) ? 1 : 0;
        for (int i = 0; i < movable.Count; i++)
        {
            var own = i < kept ? weight : OwnedWeight.Claim(graph, uses, movable[i].Node, movable[i].Index);
            own.Trainable = trains && movable[i].Use?.Role is not (ParameterRole.Statistic or ParameterRole.Constant);
            changes.Add(Copies, i < kept ? 0 : 1);
        }
    }

    /// <summary>Whether readers disagree on what a tensor is: then equal tensors were merged. A table that is looked up and multiplied with is one weight, tied on purpose.</summary>
    private static bool IsMixed(Initializer weight, List<(GraphNode Node, int Index, ParameterUse? Use)> readers)
    {
        var told = readers.FindAll(reader => reader.Use is not null);
        var kinds = told.Select(reader => reader.Use!.Role == ParameterRole.Embedding ? ParameterRole.Weight : reader.Use.Role).ToHashSet();
        return kinds.Contains(ParameterRole.Statistic) ? kinds.Count > 1 || told.Select(reader => RunningStatistics.Has(reader.Node) ? RunningStatistics.PlaceOf(reader.Node, reader.Index) : "").Distinct().Count() > 1
            : kinds.Count > 1 && weight.Trainable;
    }
}

/// <summary>The options of <see cref="UntiePass"/>.</summary>
public sealed record UntieOptions
{
    /// <summary>The weights to separate; none means every trainable one and every running statistic. Default none.</summary>
    public IReadOnlyList<string> Weights { get; init; } = [];

    /// <summary>Whether only those are separated whose readers give them different roles, or that are statistics of several norms. Training could not be right otherwise. Default false.</summary>
    public bool MixedOnly { get; init; }
}
