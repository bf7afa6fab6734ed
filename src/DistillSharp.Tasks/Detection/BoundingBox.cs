namespace DistillSharp.Tasks.Detection;

/// <summary>A rectangle by its corners, in pixels of a picture: 0 is the picture's left or upper edge.</summary>
/// <param name="Left">The left edge, x1.</param>
/// <param name="Top">The upper edge, y1.</param>
/// <param name="Right">The right edge, x2.</param>
/// <param name="Bottom">The lower edge, y2.</param>
public readonly record struct BoundingBox(float Left, float Top, float Right, float Bottom)
{
    /// <summary>Right minus left.</summary>
    public float Width => Right - Left;

    /// <summary>Bottom minus top.</summary>
    public float Height => Bottom - Top;

    /// <summary>Width times height; 0 for a box without extent.</summary>
    public float Area => Math.Max(0, Width) * Math.Max(0, Height);

    /// <summary>The box around a centre.</summary>
    /// <param name="x">The centre's x.</param>
    /// <param name="y">The centre's y.</param>
    /// <param name="width">The width.</param>
    /// <param name="height">The height.</param>
    public static BoundingBox Around(float x, float y, float width, float height) => new(x - (width / 2), y - (height / 2), x + (width / 2), y + (height / 2));

    /// <summary>The area both boxes cover, divided by the area either covers; 0 where neither has any.</summary>
    /// <param name="other">The other box.</param>
    public float IntersectionOverUnion(BoundingBox other)
    {
        float width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left), height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        float shared = Math.Max(0, width) * Math.Max(0, height), either = Area + other.Area - shared;
        return either > 0 ? shared / either : 0;
    }

    /// <summary>The part of the box that lies in a picture.</summary>
    /// <param name="width">The picture's width.</param>
    /// <param name="height">The picture's height.</param>
    public BoundingBox ClippedTo(float width, float height) =>
        new(Math.Clamp(Left, 0, width), Math.Clamp(Top, 0, height), Math.Clamp(Right, 0, width), Math.Clamp(Bottom, 0, height));
}
