namespace DistillSharp.Graph.Analysis.Roles;

/// <summary>
/// What a graph does with each of its initializers, told from the nodes that read them and never from names. Everything that asks which parameters are
/// learned, decayed or moved by batches asks here: reading a file from elsewhere, training, freezing, untying, <c>distill info</c>.
/// </summary>
/// <example>
/// <code>
/// foreach (var parameter in ParameterRoles.Of(graph).All.Where(one => !one.Trains))
/// {
///     Console.WriteLine(parameter);
/// }
/// </code>
/// </example>
public sealed class ParameterRoles
{
    private readonly SiteWalk _walk;
    private readonly Dictionary<string, RoledParameter> _parameters = new(StringComparer.Ordinal);

    private ParameterRoles(ModelGraph graph)
    {
        _walk = new(graph);
        foreach (var initializer in graph.Initializers)
        {
            var found = Judge(initializer);
            _parameters[initializer.Name] = found with { IsNotable = found.Role != ParameterRole.Statistic && initializer.Data.Count > 1 && initializer.Data.Type.IsFloat() };
        }
    }

    /// <summary>Every initializer, in the graph's order.</summary>
    public IReadOnlyCollection<RoledParameter> All => _parameters.Values;

    /// <summary>Looks at a graph.</summary>
    /// <param name="graph">The graph; it is not changed.</param>
    public static ParameterRoles Of(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new(graph);
    }

    /// <summary>Finds an initializer.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>It and its role, or null if the graph had none of that name.</returns>
    public RoledParameter? Find(string name) => _parameters.GetValueOrDefault(name);

    /// <summary>Marks the initializers that are learned as trainable, as is done to a file from elsewhere.</summary>
    /// <param name="graph">The graph; it is changed.</param>
    /// <param name="only">The initializers' names; null for all.</param>
    internal static void Mark(ModelGraph graph, IReadOnlySet<string>? only = null)
    {
        foreach (var parameter in Of(graph).All.Where(parameter => parameter.Learnable && only?.Contains(parameter.Name) != false))
        {
            graph.FindInitializer(parameter.Name)!.Trainable = true;
        }
    }

    /// <summary>Marks what only serves as a running statistic as not trainable, whatever the file says.</summary>
    /// <param name="graph">The graph; it is changed.</param>
    internal static void UnmarkStatistics(ModelGraph graph)
    {
        var roles = Of(graph);
        foreach (var initializer in graph.Initializers.Where(initializer => initializer.Trainable && roles._walk.Of(initializer.Name) is [{ Kind: SiteKind.Slot, Role: ParameterRole.Statistic }]))
        {
            initializer.Trainable = false;
        }
    }

    /// <summary>Whether a value without data, such as what a ConstantOfShape makes, lies in the place of something learned.</summary>
    /// <param name="value">The value's name.</param>
    internal bool LiesWhereLearned(string value) => _walk.Of(value).Any(site => site is { Constant: null, Role: not ParameterRole.Statistic } and ({ Kind: SiteKind.Slot } or { Grid: true }));

    /// <summary>What one reader makes of an initializer; null if it says nothing of its role.</summary>
    /// <param name="initializer">The initializer.</param>
    /// <param name="node">The node that reads it.</param>
    /// <param name="index">At which input.</param>
    internal ParameterUse? UseAt(Initializer initializer, GraphNode node, int index)
    {
        var sites = _walk.At(node, index).Where(site => site.Kind != SiteKind.Glance).ToList();
        if (sites.Count == 0)
        {
            return null;
        }

        var verdicts = sites.ConvertAll(site => SiteVerdict.Of(site, initializer.Data));
        var told = verdicts.Find(verdict => verdict.Learned) ?? verdicts[0];
        return new(told.Learned || told.Role == ParameterRole.Statistic ? told.Role : ParameterRole.Constant, sites.Exists(site => site.Computed));
    }

    private RoledParameter Judge(Initializer initializer)
    {
        var verdicts = _walk.Of(initializer.Name).Select(site => SiteVerdict.Of(site, initializer.Data)).ToList();
        string name = initializer.Name;
        if (verdicts.Where(verdict => verdict.Learned).MinBy(verdict => verdict.Role) is { } learned)
        {
            return new(name, learned.Role, Learnable: true, initializer.Trainable, initializer.Trainable ? learned.Reason : $"{learned.Reason}, but marked as frozen");
        }

        if (initializer.Trainable && verdicts.Exists(verdict => verdict.Role < ParameterRole.Statistic))
        {
            return new(name, verdicts.Where(verdict => verdict.Role < ParameterRole.Statistic).Min(verdict => verdict.Role), Learnable: false, Trains: true, "is marked as trainable");
        }

        var told = verdicts.Find(verdict => verdict.Role == ParameterRole.Statistic) ?? verdicts.FirstOrDefault();
        return told?.Role == ParameterRole.Statistic ? new(name, ParameterRole.Statistic, Learnable: false, initializer.Trainable, told.Reason)
            : initializer.Trainable ? new(name, ParameterRole.Scale, Learnable: false, Trains: true, "is marked as trainable")
            : new(name, ParameterRole.Constant, Learnable: false, Trains: false, told?.Reason ?? "is read by nothing");
    }
}

/// <summary>What one reader makes of an initializer.</summary>
/// <param name="Role">The role.</param>
/// <param name="Computed">Whether it is a piece of arithmetic on fixed values, which must go on reading the same parameter.</param>
internal sealed record ParameterUse(ParameterRole Role, bool Computed);
