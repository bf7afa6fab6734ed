using DistillSharp.Teachers;

namespace DistillSharp.Recipes;

/// <summary>Further teachers beside the first, and how their answers become one. Features are the first teacher's.</summary>
public sealed record EnsembleSettings
{
    /// <summary>The further teachers: models that are trained first, each from a seed of its own, or finished files.</summary>
    public required IReadOnlyList<MemberSettings> Members
    {
        get;
        init => field = value.Count > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Members), "[]", "An ensemble needs one teacher or more beside the first.");
    }

    /// <summary>How the answers become one. Default <c>mean</c>.</summary>
    public EnsembleCombination Combine { get; init; }

    /// <summary>How much each teacher counts, the first one first, each 0 or more; for <c>weighted</c>.</summary>
    public IReadOnlyList<double> Weights
    {
        get;
        init => field = value.All(weight => weight >= 0 && double.IsFinite(weight)) ? value : throw new ArgumentOutOfRangeException(nameof(Weights), $"[{string.Join(", ", value)}]", "A teacher's weight must be 0 or more.");
    } = [];

    /// <summary>The temperature at which probabilities are averaged, above 0: the losses' own, for their soft labels to be the mean of the teachers' soft labels. Default 4.</summary>
    public double Temperature
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Temperature), value, "The temperature must be above 0; that of the losses in practice.");
    } = 4;
}
