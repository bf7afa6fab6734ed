namespace DistillSharp.Recipes;

/// <summary>Students that learn at the same time and teach each other (deep mutual learning, Zhang et al., arXiv:1706.00384).</summary>
public sealed record MutualSettings
{
    /// <summary>The other students, one or more; each is trained with the student's settings and losses.</summary>
    public required IReadOnlyList<ModelChoice> Peers
    {
        get;
        init => field = value.Count > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Peers), "[]", "Mutual learning needs one peer or more.");
    }
}
