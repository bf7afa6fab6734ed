using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Drawing;

/// <summary>Cuts boxes out of pictures.</summary>
public static class BoxCrop
{
    /// <summary>Cuts out a box, to whole pixels outwards.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="box">The box, in its pixels; what lies outside is cut off.</param>
    /// <returns>The part; null where the box shows nothing of the picture.</returns>
    public static PixelImage? Of(PixelImage image, BoundingBox box)
    {
        ArgumentNullException.ThrowIfNull(image);
        var inside = box.ClippedTo(image.Width, image.Height);
        int left = (int)MathF.Floor(inside.Left), top = (int)MathF.Floor(inside.Top), width = (int)MathF.Ceiling(inside.Right) - left, height = (int)MathF.Ceiling(inside.Bottom) - top;
        if (width < 1 || height < 1)
        {
            return null;
        }

        byte[] pixels = new byte[image.Channels * width * height];
        for (int channel = 0; channel < image.Channels; channel++)
        {
            for (int y = 0; y < height; y++)
            {
                image.Pixels.AsSpan((((channel * image.Height) + top + y) * image.Width) + left, width).CopyTo(pixels.AsSpan(((channel * height) + y) * width));
            }
        }

        return new(image.Channels, height, width, pixels);
    }
}
