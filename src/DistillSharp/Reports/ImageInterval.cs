namespace DistillSharp.Reports;

/// <summary>The 95 % interval of a difference between two models over the images that both were scored on, in points.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
/// <param name="Count">The number of images.</param>
public sealed record ImageInterval(double Low, double High, int Count);
