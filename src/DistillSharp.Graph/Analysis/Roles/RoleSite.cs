namespace DistillSharp.Graph.Analysis.Roles;

/// <summary>A place at which a node gives a fixed value its role.</summary>
/// <param name="Role">The role, were the value learned.</param>
/// <param name="Node">The node.</param>
/// <param name="Kind">How much the node alone tells.</param>
internal sealed record RoleSite(ParameterRole Role, GraphNode Node, SiteKind Kind)
{
    /// <summary>Why the place holds a constant; null if it holds what is learned.</summary>
    public string? Constant { get; init; }

    /// <summary>Whether what varies along one axis is learned here.</summary>
    public bool Vector { get; init; }

    /// <summary>Whether what varies along several axes is learned here.</summary>
    public bool Grid { get; init; }

    /// <summary>Whether it stands directly behind a norm.</summary>
    public bool Normed { get; init; }

    /// <summary>Whether a single number is learned here: the bias of a layer with one feature.</summary>
    public bool Single { get; init; }

    /// <summary>Whether arithmetic on fixed values lies between the parameter and the place, as in weight normalization.</summary>
    public bool Computed { get; init; }
}

/// <summary>How much a node alone tells of its constant.</summary>
internal enum SiteKind
{
    /// <summary>The operator defines the input as a parameter.</summary>
    Slot,

    /// <summary>It is added to or multiplied with features.</summary>
    Affine,

    /// <summary>It is joined to features.</summary>
    Join,

    /// <summary>The formula needs it.</summary>
    Formula,

    /// <summary>It is only looked at on the way to another value: its shape, its length. Such a place says nothing of the role.</summary>
    Glance,
}
