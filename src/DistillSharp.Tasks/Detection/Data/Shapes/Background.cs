using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Detection.Data.Shapes;

/// <summary>What lies behind the shapes: two colours that pass into each other by a gradient, by smooth noise, in stripes or in checks.</summary>
internal static class Background
{
    private const double Darkest = 30, Brightest = 225, Grey = 15, Coloured = 80, GradientSpan = 75, NoiseSpan = 65, PatternSpan = 40;
    private const double SmallestCell = 10, LargestCell = 60, ShortestPeriod = 8, LongestPeriod = 50, HardEdges = 6;

    /// <summary>Paints a ground over the whole canvas.</summary>
    /// <param name="canvas">The canvas.</param>
    /// <param name="random">Random numbers.</param>
    public static void Paint(ColourCanvas canvas, ref SampleRandom random)
    {
        int kind = random.NextInt(4);
        double span = kind == 0 ? GradientSpan : kind == 1 ? NoiseSpan : PatternSpan;
        double middle = random.NextDouble(Darkest, Brightest), spread = random.NextBool(0.5) ? Grey : Coloured;
        Span<double> from = stackalloc double[3], to = stackalloc double[3];
        for (int channel = 0; channel < 3; channel++)
        {
            from[channel] = Math.Clamp(middle + random.NextDouble(-spread, spread), Darkest, Brightest);
            to[channel] = Math.Clamp(from[channel] + random.NextDouble(-span, span), 0, 255);
        }

        double steepness = random.NextBool(0.5) ? 1 : HardEdges;
        var shares = kind switch
        {
            0 => Stripes(canvas, Wave.Draw(2 * ShapeScene.LongerSide, 4 * ShapeScene.LongerSide, 1, ref random)),
            1 => Noise(canvas, random.NextDouble(SmallestCell, LargestCell), ref random),
            2 => Stripes(canvas, Wave.Draw(ShortestPeriod, LongestPeriod, steepness, ref random)),
            _ => Checks(canvas, Wave.Draw(ShortestPeriod, LongestPeriod, steepness, ref random)),
        };
        for (int channel = 0; channel < 3; channel++)
        {
            for (int i = 0; i < shares.Length; i++)
            {
                canvas.Levels[(channel * shares.Length) + i] = from[channel] + (shares[i] * (to[channel] - from[channel]));
            }
        }
    }

    private static double[] Stripes(ColourCanvas canvas, Wave wave) => Each(canvas, wave.At);

    private static double[] Checks(ColourCanvas canvas, Wave wave)
    {
        var across = wave.Across();
        return Each(canvas, (x, y) =>
        {
            double a = wave.At(x, y), b = across.At(x, y);
            return (a * b) + ((1 - a) * (1 - b));
        });
    }

    /// <summary>Random levels on two lattices, the finer one at half the strength, with smooth steps between.</summary>
    private static double[] Noise(ColourCanvas canvas, double cell, ref SampleRandom random)
    {
        Lattice coarse = Lattice.Draw(cell, ref random), fine = Lattice.Draw(cell / 2, ref random);
        return Each(canvas, (x, y) => ((2 * coarse.At(x, y)) + fine.At(x, y)) / 3);
    }

    private static double[] Each(ColourCanvas canvas, Func<int, int, double> share)
    {
        double[] shares = new double[canvas.Width * canvas.Height];
        for (int y = 0; y < canvas.Height; y++)
        {
            for (int x = 0; x < canvas.Width; x++)
            {
                shares[(y * canvas.Width) + x] = share(x, y);
            }
        }

        return shares;
    }
}
