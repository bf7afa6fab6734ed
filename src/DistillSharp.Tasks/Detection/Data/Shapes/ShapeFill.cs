using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Detection.Data.Shapes;

/// <summary>Paints a shape: flat, with a gradient or striped, in a colour that stands out from what is below it, sometimes barely.</summary>
internal static class ShapeFill
{
    private const double FlatShare = 0.5, GradientShare = 0.75, MinContrast = 45, ContrastSpan = 80, MostContrast = 125, Unevenness = 0.35;
    private const double ShortestPeriod = 4, LongestPeriod = 14, HardEdges = 4;

    /// <summary>Paints a shape.</summary>
    /// <param name="canvas">The canvas, with all that is below the shape.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="random">Random numbers.</param>
    public static void Paint(ColourCanvas canvas, PlacedShape shape, ref SampleRandom random)
    {
        double level = random.NextDouble(), kind = random.NextDouble();
        var wave = kind < GradientShare
            ? Wave.Draw(ShapeScene.LongerSide / 2.0, ShapeScene.LongerSide, 1, ref random)
            : Wave.Draw(ShortestPeriod, LongestPeriod, HardEdges, ref random);
        bool even = kind < FlatShare || shape.IsOutlined;
        var covered = Covered(shape.Mask);
        Span<double> ground = stackalloc double[3], colour = stackalloc double[3];
        double unrest = Below(canvas, covered, ground);
        var ink = Ink.Draw(Math.Min(MostContrast, MinContrast + (ContrastSpan * level * level) + unrest), ref random);
        foreach (var (x, y, cover) in covered)
        {
            ink.On(ground, even ? 1 : 1 - Unevenness + (2 * Unevenness * wave.At(x, y)), colour);
            canvas.Blend(x, y, colour, (double)cover / (ShapeMask.PerPixel * ShapeMask.PerPixel));
        }
    }

    /// <summary>The mean colour below a shape, and how much the ground differs from it: the mean absolute difference, grey levels.</summary>
    private static double Below(ColourCanvas canvas, List<(int X, int Y, int Cover)> covered, Span<double> mean)
    {
        double unrest = 0, count = covered.Sum(pixel => pixel.Cover);
        for (int channel = 0; channel < 3; channel++)
        {
            double sum = 0, away = 0;
            foreach (var (x, y, cover) in covered)
            {
                sum += cover * canvas[channel, x, y];
            }

            mean[channel] = sum / count;
            foreach (var (x, y, cover) in covered)
            {
                away += cover * Math.Abs(canvas[channel, x, y] - mean[channel]);
            }

            unrest += away / count / 3;
        }

        return unrest;
    }

    /// <summary>The pixels that a shape covers, and by how many 16ths.</summary>
    private static List<(int X, int Y, int Cover)> Covered(ShapeMask mask)
    {
        List<(int X, int Y, int Cover)> pixels = [];
        for (int y = mask.Top / ShapeMask.PerPixel; y * ShapeMask.PerPixel < mask.Bottom; y++)
        {
            for (int x = mask.Left / ShapeMask.PerPixel; x * ShapeMask.PerPixel < mask.Right; x++)
            {
                int cover = mask.Cover(x, y);
                if (cover > 0)
                {
                    pixels.Add((x, y, cover));
                }
            }
        }

        return pixels;
    }
}
