using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Data;

/// <summary>One labelled picture.</summary>
/// <param name="Image">The picture, <c>[C, H, W]</c>.</param>
/// <param name="Label">The 0-based class.</param>
public readonly record struct ImageSample(PixelImage Image, int Label);
