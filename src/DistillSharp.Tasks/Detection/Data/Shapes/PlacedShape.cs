namespace DistillSharp.Tasks.Detection.Data.Shapes;

/// <summary>A shape at its place in a picture.</summary>
/// <param name="ClassIndex">The 0-based class.</param>
/// <param name="IsOutlined">Whether only its outline is painted.</param>
/// <param name="Mask">What of it lies in the picture, whether or not other shapes hide it.</param>
/// <param name="Visible">What of that no other shape hides.</param>
/// <param name="WholeCount">How many points it has, in the picture and outside.</param>
internal sealed record PlacedShape(int ClassIndex, bool IsOutlined, ShapeMask Mask, ShapeMask Visible, int WholeCount)
{
    /// <summary>The least share of a shape that must be seen.</summary>
    public const double LeastVisible = 0.6;

    /// <summary>The smallest box around what of it lies in the picture, hidden or not; pixels.</summary>
    public BoundingBox Box =>
        new((float)Mask.Left / ShapeMask.PerPixel, (float)Mask.Top / ShapeMask.PerPixel, (float)Mask.Right / ShapeMask.PerPixel, (float)Mask.Bottom / ShapeMask.PerPixel);

    /// <summary>The share of the shape that is seen.</summary>
    public double VisibleShare => WholeCount == 0 ? 0 : (double)Visible.Count / WholeCount;

    /// <summary>The shape's label in a picture.</summary>
    /// <param name="width">The picture's width.</param>
    /// <param name="height">The picture's height.</param>
    public BoxLabel ToLabel(int width, int height)
    {
        var box = Box;
        return new(ClassIndex, (box.Left + box.Right) / 2 / width, (box.Top + box.Bottom) / 2 / height, box.Width / width, box.Height / height);
    }

    /// <summary>The shape under another one.</summary>
    public PlacedShape Under(PlacedShape other, int width, int height) =>
        Touches(other) ? this with { Visible = Visible.Seen(width, height, other.Mask) } : this;

    private bool Touches(PlacedShape other) => Box.IntersectionOverUnion(other.Box) > 0;
}
