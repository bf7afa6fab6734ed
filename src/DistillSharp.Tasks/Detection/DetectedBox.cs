namespace DistillSharp.Tasks.Detection;

/// <summary>A box that a model found.</summary>
/// <param name="Box">Where, in pixels.</param>
/// <param name="Confidence">How sure the model is, 0 to 1.</param>
/// <param name="ClassIndex">The 0-based class.</param>
public readonly record struct DetectedBox(BoundingBox Box, float Confidence, int ClassIndex);
