namespace DistillSharp.Tasks.Images;

/// <summary>An 8-bit picture in planar order, <c>[C, H, W]</c>: one channel (grey) or three (red, green, blue).</summary>
public sealed class PixelImage
{
    /// <summary>Creates a picture over the pixels it then owns.</summary>
    /// <param name="channels">1 or 3.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="width">Columns, 1 or more.</param>
    /// <param name="pixels">The pixels, <c>[C, H, W]</c>.</param>
    public PixelImage(int channels, int height, int width, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (channels is not (1 or 3) || height < 1 || width < 1 || pixels.Length != (long)channels * height * width)
        {
            throw new ArgumentException($"A picture of {channels} x {height} x {width} (channels, rows, columns) does not fit {pixels.Length} pixels; channels are 1 or 3.");
        }

        (Channels, Height, Width, Pixels) = (channels, height, width, pixels);
    }

    /// <summary>1 (grey) or 3 (red, green, blue).</summary>
    public int Channels { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>The pixels, <c>[C, H, W]</c>, 0 to 255.</summary>
    public byte[] Pixels { get; }
}
