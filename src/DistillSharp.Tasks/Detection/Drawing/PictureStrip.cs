using DistillSharp.Tasks.Images;
using SkiaSharp;

namespace DistillSharp.Tasks.Detection.Drawing;

/// <summary>One picture several times side by side, each with the boxes of somebody else: the truth, then what models found.</summary>
public static class PictureStrip
{
    private const int Side = 300, Gap = 8, Capital = 11, Caption = 26;
    private static readonly SKColor s_ink = new(40, 40, 40);

    /// <summary>Draws a strip.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="columns">What stands above each copy, and its boxes in the picture's pixels with classes and labels.</param>
    /// <returns>The strip; each copy's longer side is 300 pixels.</returns>
    public static PixelImage Draw(PixelImage picture, IReadOnlyList<(string Caption, IReadOnlyList<(BoundingBox Box, int ClassIndex, string Label)> Boxes)> columns)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(columns);
        double scale = (double)Side / Math.Max(picture.Width, picture.Height);
        int width = Math.Max(1, (int)Math.Round(picture.Width * scale)), height = Math.Max(1, (int)Math.Round(picture.Height * scale));
        var scaled = new LinearResizer().Resize(picture, height, width);
        using var canvas = new PictureCanvas(Math.Max(1, (columns.Count * (width + Gap)) - Gap), height + Caption, SKColors.White);
        for (int i = 0; i < columns.Count; i++)
        {
            int left = i * (width + Gap);
            canvas.Text(columns[i].Caption, left + 2, 7, Capital, s_ink);
            canvas.Put(scaled.Pixels, scaled.Channels, height, width, left, Caption);
            foreach (var (box, label, text) in columns[i].Boxes)
            {
                float Across(float x) => left + (float)Math.Clamp(x * scale, 0, width);
                float Down(float y) => Caption + (float)Math.Clamp(y * scale, 0, height);
                BoxPainter.Draw(canvas, new(Across(box.Left), Down(box.Top), Across(box.Right), Down(box.Bottom)), label, text, thickness: 2, new(left, Caption, left + width, Caption + height));
            }
        }

        return canvas.ToImage();
    }
}
