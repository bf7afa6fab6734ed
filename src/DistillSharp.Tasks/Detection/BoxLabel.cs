namespace DistillSharp.Tasks.Detection;

/// <summary>A true box as label files hold it: its class, its centre and its extent as shares of the picture's width and height.</summary>
/// <param name="ClassIndex">The 0-based class.</param>
/// <param name="X">The centre's x, 0 to 1.</param>
/// <param name="Y">The centre's y, 0 to 1.</param>
/// <param name="Width">The width, above 0 up to 1.</param>
/// <param name="Height">The height, above 0 up to 1.</param>
public readonly record struct BoxLabel(int ClassIndex, float X, float Y, float Width, float Height)
{
    /// <summary>The box in pixels of a picture.</summary>
    /// <param name="width">The picture's width.</param>
    /// <param name="height">The picture's height.</param>
    public BoundingBox ToPixels(float width, float height) => BoundingBox.Around(X * width, Y * height, Width * width, Height * height);
}
