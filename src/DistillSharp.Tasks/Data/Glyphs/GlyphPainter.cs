using DistillSharp.Tasks.Images;

namespace DistillSharp.Tasks.Data.Glyphs;

/// <summary>Draws one character: turned, sheared, scaled and shifted, its points shaken, with stray strokes and noise.</summary>
internal static class GlyphPainter
{
    /// <summary>The pictures' side in pixels.</summary>
    public const int Side = 28;

    // The set's difficulty. These numbers were fixed before any student was distilled on it, and stay.
    private const double MaxTurn = 0.35, MaxShear = 0.3, MinScale = 5.5, MaxScale = 10.5, MinAspect = 0.75, MaxAspect = 1.25, MaxShift = 4;
    private const double PointShake = 0.09, MinWidth = 1.2, MaxWidth = 2.6, MinInk = 0.55, MaxStray = 3, StrayInk = 0.7, Noise = 0.16;

    /// <summary>Draws a character.</summary>
    /// <param name="label">The class.</param>
    /// <param name="random">The sample's own random numbers.</param>
    public static PixelImage Paint(int label, ref SampleRandom random)
    {
        double turn = random.NextDouble(-MaxTurn, MaxTurn), shear = random.NextDouble(-MaxShear, MaxShear);
        double scale = random.NextDouble(MinScale, MaxScale), aspect = random.NextDouble(MinAspect, MaxAspect);
        double shiftX = random.NextDouble(-MaxShift, MaxShift), shiftY = random.NextDouble(-MaxShift, MaxShift);
        double width = random.NextDouble(MinWidth, MaxWidth), ink = random.NextDouble(MinInk, 1);
        double cos = Math.Cos(turn), sin = Math.Sin(turn), middle = (Side - 1) / 2.0;
        double[] canvas = new double[Side * Side];
        foreach (var stroke in GlyphShapes.All[label].Strokes)
        {
            var points = new (double X, double Y)[stroke.Length];
            for (int i = 0; i < stroke.Length; i++)
            {
                double x = (stroke[i].X + (PointShake * random.NextNormal())) * aspect, y = stroke[i].Y + (PointShake * random.NextNormal());
                x += shear * y;
                points[i] = (middle + shiftX + (scale * ((cos * x) - (sin * y))), middle + shiftY + (scale * ((sin * x) + (cos * y))));
            }

            Draw(canvas, points, width, ink);
        }

        int strays = random.NextInt((int)MaxStray + 1);
        for (int i = 0; i < strays; i++)
        {
            double x = random.NextDouble(0, Side), y = random.NextDouble(0, Side), angle = random.NextDouble(0, 2 * Math.PI), length = random.NextDouble(3, 10);
            Draw(canvas, [(x, y), (x + (length * Math.Cos(angle)), y + (length * Math.Sin(angle)))], random.NextDouble(MinWidth, MaxWidth), ink * StrayInk);
        }

        byte[] pixels = new byte[canvas.Length];
        for (int i = 0; i < canvas.Length; i++)
        {
            pixels[i] = (byte)Math.Clamp(Math.Round(255 * (canvas[i] + (Noise * random.NextNormal()))), 0, 255);
        }

        return new(1, Side, Side, pixels);
    }

    /// <summary>Draws a line of some width with soft edges; where lines cross, the darker wins.</summary>
    private static void Draw(double[] canvas, ReadOnlySpan<(double X, double Y)> points, double width, double ink)
    {
        for (int i = 0; i + 1 < points.Length; i++)
        {
            var (ax, ay) = points[i];
            var (bx, by) = points[i + 1];
            double dx = bx - ax, dy = by - ay, square = Math.Max(1e-9, (dx * dx) + (dy * dy)), reach = (width / 2) + 1;
            int top = Math.Max(0, (int)(Math.Min(ay, by) - reach)), bottom = Math.Min(Side - 1, (int)(Math.Max(ay, by) + reach));
            int left = Math.Max(0, (int)(Math.Min(ax, bx) - reach)), right = Math.Min(Side - 1, (int)(Math.Max(ax, bx) + reach));
            for (int y = top; y <= bottom; y++)
            {
                for (int x = left; x <= right; x++)
                {
                    double t = Math.Clamp((((x - ax) * dx) + ((y - ay) * dy)) / square, 0, 1);
                    double distance = double.Hypot(x - (ax + (t * dx)), y - (ay + (t * dy)));
                    ref double pixel = ref canvas[(y * Side) + x];
                    pixel = Math.Max(pixel, ink * Math.Clamp((width / 2) + 0.5 - distance, 0, 1));
                }
            }
        }
    }
}
