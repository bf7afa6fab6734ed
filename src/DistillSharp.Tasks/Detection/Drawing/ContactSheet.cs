using DistillSharp.Tasks.Images;
using SkiaSharp;

namespace DistillSharp.Tasks.Detection.Drawing;

/// <summary>The first pictures of a batch on one sheet, with their boxes: to see at a glance what is trained on and what is found.</summary>
public static class ContactSheet
{
    /// <summary>The most pictures on a sheet.</summary>
    public const int MostPictures = 16;

    private const int LargestSide = 1920;

    /// <summary>Draws a batch with its true boxes.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="nameOf">The name of a 0-based class.</param>
    /// <returns>The sheet.</returns>
    public static PixelImage OfTruths(DetectionBatch batch, Func<int, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(nameOf);
        var (height, width) = batch.Size;
        var boxes = Enumerable.Range(0, batch.Count).Select(_ => new List<(BoundingBox, int, string)>()).ToList();
        for (int i = 0; i < batch.Targets.Length / 6; i++)
        {
            var row = batch.Targets.Span.Slice(6 * i, 6);
            boxes[(int)row[0]].Add((BoundingBox.Around(row[2] * width, row[3] * height, row[4] * width, row[5] * height), (int)row[1], nameOf((int)row[1])));
        }

        return Draw(batch, boxes);
    }

    /// <summary>Draws a batch with what was found in it.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="found">The boxes of each picture, in pixels of the batch, by falling confidence; those above 0.25 are drawn.</param>
    /// <param name="nameOf">The name of a 0-based class.</param>
    /// <returns>The sheet.</returns>
    public static PixelImage OfFound(DetectionBatch batch, IReadOnlyList<IReadOnlyList<DetectedBox>> found, Func<int, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(nameOf);
        return Draw(batch, [.. found.Select(boxes => boxes.Where(box => box.Confidence > 0.25f).Reverse().Select(box => (box.Box, box.ClassIndex, BoxPainter.LabelOf(box, nameOf))).ToList())]);
    }

    private static PixelImage Draw(DetectionBatch batch, IReadOnlyList<List<(BoundingBox Box, int Class, string Label)>> boxes)
    {
        int count = Math.Min(batch.Count, MostPictures), columns = (int)Math.Ceiling(Math.Sqrt(count)), rows = (count + columns - 1) / columns;
        double scale = Math.Min(1, (double)LargestSide / (columns * Math.Max(batch.Size.Height, batch.Size.Width)));
        int height = Math.Max(1, (int)(batch.Size.Height * scale)), width = Math.Max(1, (int)(batch.Size.Width * scale)), length = 3 * batch.Size.Height * batch.Size.Width;
        using var canvas = new PictureCanvas(columns * width, rows * height, SKColors.White);
        var resizer = new LinearResizer();
        for (int i = 0; i < count; i++)
        {
            int left = i % columns * width, top = i / columns * height;
            var image = resizer.Resize(new(3, batch.Size.Height, batch.Size.Width, batch.Pixels.Span.Slice(i * length, length).ToArray()), height, width);
            canvas.Put(image.Pixels, 3, height, width, left, top);
            foreach (var (box, label, text) in boxes[i])
            {
                float Across(float x) => left + (float)Math.Clamp(x * scale, 0, width);
                float Down(float y) => top + (float)Math.Clamp(y * scale, 0, height);
                BoxPainter.Draw(canvas, new(Across(box.Left), Down(box.Top), Across(box.Right), Down(box.Bottom)), label, text, thickness: 2, new(left, top, left + width, top + height));
            }

            canvas.Frame(left, top, left + width, top + height, SKColors.White, 2);
        }

        return canvas.ToImage();
    }
}
