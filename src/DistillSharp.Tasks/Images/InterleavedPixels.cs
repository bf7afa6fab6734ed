using SkiaSharp;

namespace DistillSharp.Tasks.Images;

/// <summary>From the order in which decoders give pixels (R, G, B, A, R, ...) to planes the right way up.</summary>
internal static class InterleavedPixels
{
    /// <summary>Whether rows and columns change places.</summary>
    public static bool IsTurned(SKEncodedOrigin origin) =>
        origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

    /// <summary>The picture as it is looked at.</summary>
    /// <param name="rgba">Pixels as the camera stored them, red in the lowest byte.</param>
    /// <param name="width">Columns as stored.</param>
    /// <param name="height">Rows as stored.</param>
    /// <param name="origin">How the camera was held.</param>
    public static PixelImage Upright(ReadOnlySpan<uint> rgba, int width, int height, SKEncodedOrigin origin)
    {
        var (outWidth, outHeight) = IsTurned(origin) ? (height, width) : (width, height);
        int plane = width * height;
        byte[] pixels = new byte[checked(3 * plane)];
        Span<byte> red = pixels.AsSpan(0, plane), green = pixels.AsSpan(plane, plane), blue = pixels.AsSpan(2 * plane, plane);

        // Every orientation is a start and two strides.
        var (start, right, down) = origin switch
        {
            SKEncodedOrigin.TopRight => (width - 1, -1, width),
            SKEncodedOrigin.BottomRight => (plane - 1, -1, -width),
            SKEncodedOrigin.BottomLeft => (plane - width, 1, -width),
            SKEncodedOrigin.LeftTop => (0, width, 1),
            SKEncodedOrigin.RightTop => (plane - width, -width, 1),
            SKEncodedOrigin.RightBottom => (plane - 1, -width, -1),
            SKEncodedOrigin.LeftBottom => (width - 1, width, -1),
            _ => (0, 1, width),
        };
        int to = 0;
        for (int y = 0; y < outHeight; y++)
        {
            int from = start + (y * down);
            for (int x = 0; x < outWidth; x++, to++, from += right)
            {
                uint pixel = rgba[from];
                red[to] = (byte)pixel;
                green[to] = (byte)(pixel >> 8);
                blue[to] = (byte)(pixel >> 16);
            }
        }

        return new(3, outHeight, outWidth, pixels);
    }
}
