using DistillSharp.Training;

namespace DistillSharp.Recipes;

/// <summary>A model between teacher and student: the teacher distils it, and it teaches the next (Mirzadeh et al., arXiv:1902.03393).</summary>
public sealed record AssistantSettings
{
    /// <summary>The model, with options.</summary>
    public required ModelChoice Model { get; init; }

    /// <summary>How it is trained; null for the student's way.</summary>
    public TrainingOptions? Training { get; init; }
}
