namespace DistillSharp.Losses;

/// <summary>What a loss is computed from, so that a run can provide it, and refuse what does not fit before the first batch.</summary>
/// <param name="Inputs">What it must be given.</param>
public sealed record LossNeeds(LossInput Inputs)
{
    /// <summary>What it uses where it is given. Default nothing.</summary>
    public LossInput Optional { get; init; }

    /// <summary>What the logits are of, where models give several kinds. Default classes.</summary>
    public LogitKind Logits { get; init; }

    /// <summary>Which features it compares.</summary>
    public FeatureKind Features { get; init; }

    /// <summary>The fewest features. Default 1.</summary>
    public int LeastFeatures { get; init; } = 1;

    /// <summary>The most features. Default any number.</summary>
    public int MostFeatures { get; init; } = int.MaxValue;

    /// <summary>Whether student and teacher must be equally wide: channels of maps, or the last dimension.</summary>
    public bool EqualWidths { get; init; }

    /// <summary>Whether maps must have the same rows and columns.</summary>
    public bool EqualSizes { get; init; }

    /// <summary>Whether the teacher may have more features than the student. Default no: one for each.</summary>
    public bool Unpaired { get; init; }

    /// <summary>Whether features may have any number of dimensions, the batch first. Default no: those of <see cref="Features"/>.</summary>
    public bool AnyRank { get; init; }

    /// <summary>Whether vectors <c>[N, D]</c> are compared too, as maps of one pixel: the formula sees maps. Default no.</summary>
    public bool Vectors { get; init; }

    /// <summary>Whether it needs a teacher at all.</summary>
    public bool Teacher => Uses(LossInput.TeacherLogits | LossInput.Features | LossInput.TeacherScores | LossInput.TeacherBoxes);

    /// <summary>Whether it compares nothing but the logits of one view, so that a teacher's answers can be remembered.</summary>
    public bool LogitsOnly => !Uses(LossInput.Features | LossInput.StrongView);

    /// <summary>Whether it must be given something.</summary>
    /// <param name="input">What.</param>
    public bool Asks(LossInput input) => (Inputs & input) == input;

    /// <summary>Whether it uses something where it is given.</summary>
    /// <param name="input">What.</param>
    public bool Uses(LossInput input) => ((Inputs | Optional) & input) != 0;
}
