namespace DistillSharp.Tasks.Detection.Augmentations;

/// <summary>Writes a canvas, changed, into a model's input, and the boxes that are still worth learning. For one thread.</summary>
internal sealed class SceneWriter
{
    private readonly AxisAlignedWarp _aligned = new();
    private readonly ProjectiveWarp _projective = new();

    /// <summary>Writes the pixels.</summary>
    /// <param name="canvas">The pictures.</param>
    /// <param name="transform">From the canvas to the input.</param>
    /// <param name="colours">The change of colours.</param>
    /// <param name="size">The input's size.</param>
    /// <param name="target">The input, <c>[3, H, W]</c>.</param>
    public void Write(Canvas canvas, PlaneTransform transform, ColourChange colours, (int Width, int Height) size, Span<byte> target)
    {
        int plane = size.Width * size.Height;
        if (transform.IsAxisAligned)
        {
            _aligned.Prepare(canvas, transform, size.Width, size.Height);
        }
        else
        {
            _projective.Prepare(canvas, transform);
        }

        for (int row = 0; row < size.Height; row++)
        {
            Span<byte> red = target.Slice(row * size.Width, size.Width), green = target.Slice(plane + (row * size.Width), size.Width), blue = target.Slice((2 * plane) + (row * size.Width), size.Width);
            if (transform.IsAxisAligned)
            {
                _aligned.Row(canvas, row, red, green, blue);
            }
            else
            {
                _projective.Row(row, red, green, blue);
            }

            if (!colours.IsNone)
            {
                colours.Apply(red, green, blue);
            }
        }
    }

    /// <summary>The boxes that are left, in pixels of the input.</summary>
    /// <param name="canvas">The pictures' boxes.</param>
    /// <param name="transform">From the canvas to the input.</param>
    /// <param name="scale">The factor of size in it.</param>
    /// <param name="size">The input's size.</param>
    /// <param name="kept">Takes them.</param>
    public static void Boxes(Canvas canvas, PlaneTransform transform, double scale, (int Width, int Height) size, List<(int Class, BoundingBox Box)> kept)
    {
        foreach (var (kind, box) in canvas.Boxes)
        {
            var after = transform.Apply(box).ClippedTo(size.Width, size.Height);
            if (BoxCandidates.Keeps(box, scale, after))
            {
                kept.Add((kind, after));
            }
        }
    }
}
