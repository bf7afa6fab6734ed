namespace DistillSharp.Recipes;

/// <summary>What is measured at the end.</summary>
public sealed record EvaluationSettings
{
    /// <summary>Whether latency, throughput and memory are measured. Default yes.</summary>
    public bool Profile { get; init; } = true;
}
