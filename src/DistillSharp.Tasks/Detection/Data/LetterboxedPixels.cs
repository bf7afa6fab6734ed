using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>Writes pictures into a model's input: scaled, centred, grey around.</summary>
public static class LetterboxedPixels
{
    /// <summary>Writes a picture's pixels and the border around them.</summary>
    /// <param name="image">The picture, of any size; grey ones are repeated.</param>
    /// <param name="box">Where it goes.</param>
    /// <param name="resizer">The calling thread's own.</param>
    /// <param name="target">The input, <c>[3, H, W]</c>.</param>
    public static void Write(PixelImage image, Letterbox box, LinearResizer resizer, Span<byte> target)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(resizer);
        int plane = box.Width * box.Height;
        if (target.Length != 3 * plane)
        {
            throw new ArgumentException($"An input of 3 x {box.Height} x {box.Width} does not fit {target.Length} bytes.", nameof(target));
        }

        for (int channel = 0; channel < 3; channel++)
        {
            var rows = target.Slice(channel * plane, plane);
            rows[..(box.Top * box.Width)].Fill(Letterbox.Fill);
            rows[((box.Top + box.ResizedHeight) * box.Width)..].Fill(Letterbox.Fill);
            for (int y = box.Top; y < box.Top + box.ResizedHeight; y++)
            {
                rows.Slice(y * box.Width, box.Left).Fill(Letterbox.Fill);
                rows[((y * box.Width) + box.Left + box.ResizedWidth)..((y + 1) * box.Width)].Fill(Letterbox.Fill);
            }

            int first = (box.Top * box.Width) + box.Left;
            resizer.Resize(image, Math.Min(channel, image.Channels - 1), box.ResizedHeight, box.ResizedWidth, rows[first..], box.Width);
        }
    }
}
