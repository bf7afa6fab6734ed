using DistillSharp.Tasks.Detection.Metrics;

namespace DistillSharp.Runtime.Detection;

/// <summary>What a detector scored on a set of pictures, and how fast.</summary>
/// <param name="Score">The score.</param>
/// <param name="Speed">The time a picture took.</param>
public sealed record DetectionEvaluation(DetectionScore Score, DetectionSpeed Speed);
