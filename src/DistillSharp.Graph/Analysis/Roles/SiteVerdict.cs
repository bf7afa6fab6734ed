namespace DistillSharp.Graph.Analysis.Roles;

/// <summary>What a place makes of one parameter, its numbers considered.</summary>
/// <param name="Role">The role, were it learned.</param>
/// <param name="Learned">Whether it is learned.</param>
/// <param name="Reason">Why.</param>
internal sealed record SiteVerdict(ParameterRole Role, bool Learned, string Reason)
{
    /// <summary>A number from which on an added one shuts out: what attention masks hold where they are not minus infinity.</summary>
    private const double ShutsOut = -100;

    /// <summary>Judges.</summary>
    public static SiteVerdict Of(RoleSite site, TensorData data)
    {
        int axes = data.Shape.Count(size => size > 1);
        var role = site switch
        {
            { Kind: SiteKind.Affine, Role: ParameterRole.Bias } when axes > 1 && !site.Normed => ParameterRole.Embedding,
            { Role: ParameterRole.Weight, Computed: true } when axes <= 1 => ParameterRole.Scale,
            _ => site.Role,
        };
        string? constant = site.Constant;
        if (constant is null && !data.Type.IsFloat())
        {
            constant = $"holds {data.Type}";
        }

        if (constant is null && (site.Kind != SiteKind.Slot || site.Computed))
        {
            constant = data.Count <= 1 ? site.Single && data.Shape.Count > 0 ? null : $"is a single number, in {site.Node}"
                : IsMask(site, data) ? $"is {(site.Kind == SiteKind.Join ? "padding" : "a mask")}, in {site.Node}"
                : site.Kind == SiteKind.Slot || (axes <= 1 ? site.Vector : site.Grid) ? null
                : site.Role == ParameterRole.Scale && axes > 1 ? $"varies along {axes} axes, as fixed tables do, in {site.Node}"
                : $"meets only values behind the last layer, in {site.Node}";
        }

        return role == ParameterRole.Statistic && constant is null ? new(role, false, $"is a running statistic of {site.Node}")
            : constant is null ? new(role, true, $"is the {role.ToString().ToLowerInvariant()} of {site.Node}")
            : new(role, false, constant);
    }

    private static bool IsMask(RoleSite site, TensorData data)
    {
        double[] numbers = data.ToDoubles();
        return site.Kind == SiteKind.Join ? Array.TrueForAll(numbers, number => number == 0)
            : site.Role is ParameterRole.Bias ? Array.Exists(numbers, number => number <= ShutsOut) && Array.TrueForAll(numbers, number => number is 0 or <= ShutsOut)
            : Array.Exists(numbers, number => number == 0) && Array.Exists(numbers, number => number == 1) && Array.TrueForAll(numbers, number => number is 0 or 1);
    }
}
