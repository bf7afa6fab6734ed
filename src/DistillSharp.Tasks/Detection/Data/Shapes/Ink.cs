using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Detection.Data.Shapes;

/// <summary>A colour that is told by how far it lies from the ground it is laid on.</summary>
/// <param name="Contrast">The distance of the channel that differs most, grey levels.</param>
/// <param name="Red">Red's share of it, -1 to 1.</param>
/// <param name="Green">Green's.</param>
/// <param name="Blue">Blue's.</param>
internal readonly record struct Ink(double Contrast, double Red, double Green, double Blue)
{
    private const double GreyShare = 0.4, LeastOfGrey = 0.75, LeastOfColour = 0.3;

    /// <summary>Draws an ink: some are nearly grey, others of any colour.</summary>
    /// <param name="contrast">Grey levels.</param>
    /// <param name="random">Random numbers.</param>
    public static Ink Draw(double contrast, ref SampleRandom random)
    {
        bool grey = random.NextBool(GreyShare), lighter = random.NextBool(0.5);
        Span<double> shares = stackalloc double[3];
        for (int channel = 0; channel < 3; channel++)
        {
            shares[channel] = random.NextDouble(grey ? LeastOfGrey : LeastOfColour, 1) * ((grey ? lighter : random.NextBool(0.5)) ? 1 : -1);
        }

        double most = Math.Max(Math.Abs(shares[0]), Math.Max(Math.Abs(shares[1]), Math.Abs(shares[2])));
        return new(contrast, shares[0] / most, shares[1] / most, shares[2] / most);
    }

    /// <summary>The ink's colour on a ground; a channel that would leave the range turns the other way.</summary>
    /// <param name="ground">The ground's three levels.</param>
    /// <param name="strength">A factor of the contrast.</param>
    /// <param name="colour">The ink's three levels.</param>
    public void On(ReadOnlySpan<double> ground, double strength, Span<double> colour)
    {
        ReadOnlySpan<double> shares = [Red, Green, Blue];
        for (int channel = 0; channel < 3; channel++)
        {
            double change = Contrast * shares[channel];
            bool fits = ground[channel] + change is >= 0 and <= 255;
            colour[channel] = Math.Clamp(ground[channel] + (strength * (fits ? change : -change)), 0, 255);
        }
    }
}
