using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Augmentations;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Tests.Detection.Augmentations;

/// <summary>The same work done slowly and plainly, in double precision: what the fast code is held against.</summary>
internal static class SlowPicture
{
    /// <summary>A picture of noise.</summary>
    public static PixelImage Noise(int width, int height, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[3 * width * height];
        random.NextBytes(pixels);
        return new(3, height, width, pixels);
    }

    /// <summary>Four pictures around a point of a canvas twice the input, painted pixel by pixel.</summary>
    public static double[,,] Mosaic(PixelImage[] images, int side, int x, int y)
    {
        double[,,] canvas = new double[3, 2 * side, 2 * side];
        for (int c = 0; c < 3; c++)
        {
            for (int row = 0; row < 2 * side; row++)
            {
                for (int column = 0; column < 2 * side; column++)
                {
                    var image = images[(row < y ? 0 : 2) + (column < x ? 0 : 1)];
                    int u = column < x ? image.Width - x + column : column - x, v = row < y ? image.Height - y + row : row - y;
                    bool inside = u >= 0 && v >= 0 && u < image.Width && v < image.Height;
                    canvas[c, row, column] = inside ? image.Pixels[(((c * image.Height) + v) * image.Width) + u] : Letterbox.Fill;
                }
            }
        }

        return canvas;
    }

    /// <summary>Looks up every pixel of the input on the canvas, bilinearly.</summary>
    public static byte[] Warp(double[,,] canvas, PlaneTransform transform, int width, int height)
    {
        var back = transform.Inverse();
        byte[] pixels = new byte[3 * width * height];
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                var (u, v) = back.Apply(column + 0.5, row + 0.5);
                (u, v) = (u - 0.5, v - 0.5);
                int left = (int)Math.Floor(u), top = (int)Math.Floor(v);
                for (int c = 0; c < 3; c++)
                {
                    double upper = (At(canvas, c, top, left) * (1 - u + left)) + (At(canvas, c, top, left + 1) * (u - left));
                    double lower = (At(canvas, c, top + 1, left) * (1 - u + left)) + (At(canvas, c, top + 1, left + 1) * (u - left));
                    pixels[(((c * height) + row) * width) + column] = (byte)Math.Round((upper * (1 - v + top)) + (lower * (v - top)));
                }
            }
        }

        return pixels;
    }

    /// <summary>Hue (0 to 6), saturation and value of a colour changed, by the case distinction of the textbooks.</summary>
    public static (int R, int G, int B) Colour(int r, int g, int b, double hueGain, double saturationGain, double valueGain)
    {
        double value = Math.Max(r, Math.Max(g, b)), chroma = value - Math.Min(r, Math.Min(g, b));
        double hue = chroma == 0 ? 0 : value == r ? ((g - b) / chroma + 6) % 6 : value == g ? ((b - r) / chroma) + 2 : ((r - g) / chroma) + 4;
        hue = hue * hueGain % 6;
        double saturation = value == 0 ? 0 : Math.Min(1, chroma / value * saturationGain);
        value = Math.Min(255, value * valueGain);
        chroma = value * saturation;
        double middle = chroma * (1 - Math.Abs((hue % 2) - 1)), least = value - chroma;
        var (red, green, blue) = (int)hue switch
        {
            0 => (chroma, middle, 0.0),
            1 => (middle, chroma, 0.0),
            2 => (0.0, chroma, middle),
            3 => (0.0, middle, chroma),
            4 => (middle, 0.0, chroma),
            _ => (chroma, 0.0, middle),
        };
        return ((int)Math.Round(red + least), (int)Math.Round(green + least), (int)Math.Round(blue + least));
    }

    private static double At(double[,,] canvas, int c, int row, int column) =>
        row >= 0 && column >= 0 && row < canvas.GetLength(1) && column < canvas.GetLength(2) ? canvas[c, row, column] : Letterbox.Fill;
}
