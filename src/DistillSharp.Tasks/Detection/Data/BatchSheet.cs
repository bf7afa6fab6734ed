using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>Draws a batch as one picture, its pictures in a grid and its boxes around what they mean: what a model is trained on, to be looked at before it is.</summary>
public static class BatchSheet
{
    private const int MaxPictures = 16, MaxSide = 1920;

    /// <summary>Draws up to 16 pictures, scaled down by a whole number so that no side exceeds 1920 pixels.</summary>
    /// <param name="batch">The batch, not empty.</param>
    public static PixelImage Draw(DetectionBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch.Count);
        int count = Math.Min(batch.Count, MaxPictures), columns = (int)Math.Ceiling(Math.Sqrt(count)), rows = 1 + ((count - 1) / columns);
        int shrink = 1 + ((Math.Max(columns * batch.Size.Width, rows * batch.Size.Height) - 1) / MaxSide);
        int cellWidth = batch.Size.Width / shrink, cellHeight = batch.Size.Height / shrink, width = columns * cellWidth, height = rows * cellHeight;
        byte[] pixels = new byte[3 * width * height];
        for (int picture = 0; picture < count; picture++)
        {
            int left = picture % columns * cellWidth, top = picture / columns * cellHeight;
            for (int row = 0; row < 3 * cellHeight; row++)
            {
                int channel = row / cellHeight, y = row % cellHeight;
                var source = batch.Pixels.Span[(((((picture * 3) + channel) * batch.Size.Height) + (y * shrink)) * batch.Size.Width)..];
                for (int x = 0; x < cellWidth; x++)
                {
                    pixels[(((channel * height) + top + y) * width) + left + x] = source[x * shrink];
                }
            }
        }

        foreach (float[] target in batch.Targets.ToArray().Chunk(6).Where(target => target[0] < count))
        {
            int picture = (int)target[0], left = picture % columns * cellWidth, top = picture / columns * cellHeight;
            var box = BoundingBox.Around(target[2] * cellWidth, target[3] * cellHeight, target[4] * cellWidth, target[5] * cellHeight).ClippedTo(cellWidth - 1, cellHeight - 1);
            Outline(pixels, width, height, left + (int)box.Left, top + (int)box.Top, left + (int)box.Right, top + (int)box.Bottom, (int)target[1]);
        }

        return new(3, height, width, pixels);
    }

    private static void Outline(byte[] pixels, int width, int height, int left, int top, int right, int bottom, int kind)
    {
        // Neighbouring classes get hues a golden angle apart.
        double hue = kind * 0.618034 % 1 * 6;
        Span<byte> colour = [Level(5, hue), Level(3, hue), Level(1, hue)];
        for (int channel = 0; channel < 3; channel++)
        {
            var plane = pixels.AsSpan(channel * width * height, width * height);
            plane.Slice((top * width) + left, right - left + 1).Fill(colour[channel]);
            plane.Slice((bottom * width) + left, right - left + 1).Fill(colour[channel]);
            for (int y = top; y <= bottom; y++)
            {
                plane[(y * width) + left] = plane[(y * width) + right] = colour[channel];
            }
        }
    }

    private static byte Level(int offset, double hue)
    {
        double k = (offset + hue) % 6;
        return (byte)(255 * (1 - Math.Clamp(Math.Min(k, 4 - k), 0, 1)));
    }
}
