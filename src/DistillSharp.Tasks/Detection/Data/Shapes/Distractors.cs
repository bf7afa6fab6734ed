using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Detection.Data.Shapes;

/// <summary>Marks on the ground that are no shape, so that an edge alone does not make an object: lines, soft blobs, single corners, half ellipses.</summary>
internal static class Distractors
{
    private const int Most = 3, ArcPoints = 13;
    private const double MinLength = 12, MaxLength = 70, MinWidth = 1, MaxWidth = 4, MinContrast = 20, MaxContrast = 100;

    /// <summary>Paints some marks.</summary>
    /// <param name="canvas">The canvas.</param>
    /// <param name="random">Random numbers.</param>
    public static void Paint(ColourCanvas canvas, ref SampleRandom random)
    {
        int count = random.NextInt(Most + 1);
        for (int i = 0; i < count; i++)
        {
            double x = random.NextDouble(0, canvas.Width), y = random.NextDouble(0, canvas.Height), length = random.NextDouble(MinLength, MaxLength);
            double width = random.NextDouble(MinWidth, MaxWidth), other = random.NextDouble(0.3, 1);
            var (cos, sin) = ShapeOutlines.Direction(random.NextDouble());
            (double X, double Y) Place(double along, double across) => (x + (cos * along) - (sin * across), y + (sin * along) + (cos * across));
            var near = new Window(canvas.Width, canvas.Height, x, y, length + MaxWidth);
            var cover = random.NextInt(4) switch
            {
                0 => Stroke(near, [Place(0, 0), Place(length, 0)], width),
                1 => Blob(near, x, y, cos, sin, length / 3, other),
                2 => Stroke(near, [Place(length / 2, 0), Place(0, 0), Place(0, length / 2 * other)], width),
                _ => Stroke(near, [.. HalfEllipse(length / 3, length / 3 * other).Select(point => Place(point.Along, point.Across))], width),
            };
            Lay(canvas, cover, (int)x, (int)y, Ink.Draw(random.NextDouble(MinContrast, MaxContrast), ref random));
        }
    }

    private static IEnumerable<(double Along, double Across)> HalfEllipse(double longer, double shorter) =>
        Enumerable.Range(0, ArcPoints).Select(i => ShapeOutlines.Direction(0.5 * i / (ArcPoints - 1))).Select(point => (longer * point.Cos, shorter * point.Sin));

    /// <summary>A line of some width with soft edges, as a share of each pixel.</summary>
    private static List<(int X, int Y, double Cover)> Stroke(Window near, (double X, double Y)[] points, double width) => near.Each((x, y) =>
    {
        double nearest = double.MaxValue;
        for (int i = 0; i + 1 < points.Length; i++)
        {
            double dx = points[i + 1].X - points[i].X, dy = points[i + 1].Y - points[i].Y;
            double t = Math.Clamp((((x - points[i].X) * dx) + ((y - points[i].Y) * dy)) / ((dx * dx) + (dy * dy)), 0, 1);
            double offX = x - points[i].X - (t * dx), offY = y - points[i].Y - (t * dy);
            nearest = Math.Min(nearest, (offX * offX) + (offY * offY));
        }

        return (width / 2) + 0.5 - Math.Sqrt(nearest);
    });

    /// <summary>An ellipse that fades out towards its edge.</summary>
    private static List<(int X, int Y, double Cover)> Blob(Window near, double middleX, double middleY, double cos, double sin, double longer, double ratio) => near.Each((x, y) =>
    {
        double along = ((cos * (x - middleX)) + (sin * (y - middleY))) / longer, across = ((cos * (y - middleY)) - (sin * (x - middleX))) / (longer * ratio);
        double inside = Math.Max(0, 1 - (along * along) - (across * across));
        return inside * inside;
    });

    private static void Lay(ColourCanvas canvas, List<(int X, int Y, double Cover)> cover, int x, int y, Ink ink)
    {
        Span<double> colour = stackalloc double[3];
        ink.On([canvas[0, x, y], canvas[1, x, y], canvas[2, x, y]], 1, colour);
        foreach (var pixel in cover)
        {
            canvas.Blend(pixel.X, pixel.Y, colour, pixel.Cover);
        }
    }

    /// <summary>The pixels that a mark may reach.</summary>
    private readonly record struct Window(int Width, int Height, double X, double Y, double Reach)
    {
        /// <summary>The pixels that a mark covers, and by which share.</summary>
        public List<(int X, int Y, double Cover)> Each(Func<double, double, double> share)
        {
            List<(int X, int Y, double Cover)> pixels = [];
            for (int y = (int)Math.Max(0, Y - Reach); y < Math.Min(Height, Y + Reach); y++)
            {
                for (int x = (int)Math.Max(0, X - Reach); x < Math.Min(Width, X + Reach); x++)
                {
                    double cover = Math.Min(1, share(x, y));
                    if (cover > 0)
                    {
                        pixels.Add((x, y, cover));
                    }
                }
            }

            return pixels;
        }
    }
}
