namespace DistillSharp.Tasks.Detection.Metrics;

/// <summary>A true box in pixels.</summary>
/// <param name="Box">Where.</param>
/// <param name="ClassIndex">The 0-based class.</param>
public readonly record struct TrueBox(BoundingBox Box, int ClassIndex);
