using DistillSharp.Runtime.Detection;

namespace DistillSharp.Cli.Commands;

/// <summary>What <c>distill predict</c> does with a detector.</summary>
internal sealed record DetectorPredictionOptions
{
    public required DetectionPredictorOptions Predictor { get; init; }

    public string? Folder { get; init; }

    public bool Text { get; init; }

    public bool Json { get; init; }

    public bool Crops { get; init; }
}
