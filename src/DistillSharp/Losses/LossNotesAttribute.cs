namespace DistillSharp.Losses;

/// <summary>What <c>docs/losses.md</c> tells of a loss beside its summary and options.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LossNotesAttribute : Attribute
{
    /// <summary>The formula, in one line; <c>s</c> and <c>t</c> are the student's and the teacher's values.</summary>
    public required string Formula { get; init; }

    /// <summary>When to use it, in a sentence.</summary>
    public required string Use { get; init; }

    /// <summary>Who published it, where: authors, year, arXiv number or venue.</summary>
    public required string Paper { get; init; }

    /// <summary>What it costs a step beside the teacher: operations, memory, adapters.</summary>
    public required string Cost { get; init; }
}
