namespace DistillSharp.Tasks.Detection.Data;

/// <summary>A true box in pixels, as COCO and VOC have it.</summary>
/// <param name="ClassIndex">The 0-based class.</param>
/// <param name="Box">The box.</param>
/// <param name="Place">Where it was read, for messages.</param>
internal readonly record struct PixelBox(int ClassIndex, BoundingBox Box, string Place)
{
    /// <summary>The box as shares of a picture, cut off at its edges: such files round outwards.</summary>
    public BoxLabel ToLabel(int width, int height)
    {
        bool finite = float.IsFinite(Box.Left) && float.IsFinite(Box.Top) && float.IsFinite(Box.Right) && float.IsFinite(Box.Bottom);
        var box = finite ? Box.ClippedTo(width, height) : Box;
        return new(ClassIndex, (box.Left + box.Right) / 2 / width, (box.Top + box.Bottom) / 2 / height, box.Width / width, box.Height / height);
    }
}
