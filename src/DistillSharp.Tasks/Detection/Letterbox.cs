namespace DistillSharp.Tasks.Detection;

/// <summary>
/// How a picture is fitted into a model's input: scaled by one factor, centred, the rest filled with grey (114), as Ultralytics does it. It takes boxes there and back.
/// </summary>
/// <param name="SourceWidth">The picture's width.</param>
/// <param name="SourceHeight">The picture's height.</param>
/// <param name="Width">The input's width.</param>
/// <param name="Height">The input's height.</param>
/// <param name="ResizedWidth">The width the picture is scaled to.</param>
/// <param name="ResizedHeight">The height the picture is scaled to.</param>
/// <param name="Left">Grey columns before it.</param>
/// <param name="Top">Grey rows above it.</param>
public readonly record struct Letterbox(int SourceWidth, int SourceHeight, int Width, int Height, int ResizedWidth, int ResizedHeight, int Left, int Top)
{
    /// <summary>The grey level of the border.</summary>
    public const byte Fill = 114;
}
