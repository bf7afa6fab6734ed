using DistillSharp.Tasks.Detection.Metrics;

namespace DistillSharp.Runtime.Detection;

/// <summary>What a detector scored on a set of pictures, and how fast.</summary>
/// <param name="Score">The score.</param>
/// <param name="Speed">The time a picture took.</param>
public sealed record DetectionEvaluation(DetectionScore Score, DetectionSpeed Speed)
{
    /// <summary>The pictures that could not be read and were skipped, one line each.</summary>
    public IReadOnlyList<string> BadPictures { get; init; } = [];
}
