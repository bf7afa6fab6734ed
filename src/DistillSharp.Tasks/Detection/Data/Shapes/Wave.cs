using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Detection.Data.Shapes;

/// <summary>Parallel stripes, hard or soft: 0 to 1 and back across the picture.</summary>
/// <param name="X">How many periods pass in a pixel to the right.</param>
/// <param name="Y">How many pass in a pixel downwards.</param>
/// <param name="Phase">The period at the upper left.</param>
/// <param name="Steepness">1 for a soft rise and fall; more for harder edges.</param>
internal readonly record struct Wave(double X, double Y, double Phase, double Steepness)
{
    /// <summary>Draws stripes.</summary>
    /// <param name="shortest">The shortest period, pixels.</param>
    /// <param name="longest">The longest.</param>
    /// <param name="steepness">1 for soft ones, more for harder edges.</param>
    /// <param name="random">Random numbers.</param>
    public static Wave Draw(double shortest, double longest, double steepness, ref SampleRandom random)
    {
        double period = random.NextDouble(shortest, longest);
        var (cos, sin) = ShapeOutlines.Direction(random.NextDouble());
        return new(cos / period, sin / period, random.NextDouble(), steepness);
    }

    /// <summary>Stripes of the same period across these.</summary>
    public Wave Across() => this with { X = -Y, Y = X };

    /// <summary>The value at a pixel, 0 to 1.</summary>
    public double At(int x, int y)
    {
        double place = Phase + (x * X) + (y * Y), rest = place - Math.Floor(place);
        return Math.Clamp(0.5 + (Steepness * (0.5 - Math.Abs((2 * rest) - 1))), 0, 1);
    }
}
