namespace DistillSharp.Tasks.Classification;

/// <summary>
/// The 95 % score interval of the difference between two shares measured on the same samples (Tango 1998, Statistics in Medicine 17, 891-908): all differences
/// that a score test does not reject.
/// </summary>
/// <remarks>
/// Unlike the estimate ± 1.96 standard errors it stays within -1 to 1, covers 95 % also where few samples are answered differently, and has a width where none
/// is: ± z² / (n + z²), close to 3.8 / n.
/// </remarks>
internal static class PairedScoreInterval
{
    /// <summary>The normal deviate that 2.5 % exceed.</summary>
    public const double Deviate = 1.959963984540054;

    private const int Halvings = 60;

    /// <summary>Takes the interval.</summary>
    /// <param name="lost">Samples that only the first gets right.</param>
    /// <param name="won">Samples that only the second gets right.</param>
    /// <param name="count">All samples, 1 or more.</param>
    /// <returns>The ends of the second's share minus the first's, -1 to 1.</returns>
    public static (double Low, double High) Of(int lost, int won, int count)
    {
        double observed = (won - lost) / (double)count;
        return (End(lost, won, count, -1, observed, Deviate), End(lost, won, count, observed, 1, -Deviate));
    }

    // The statistic falls as the difference rises.
    private static double End(double lost, double won, double count, double low, double high, double wanted)
    {
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = Statistic(lost, won, count, middle) > wanted ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    /// <summary>How many standard errors the observed difference lies above a supposed one; the shares behind it are the most likely ones that have that difference.</summary>
    private static double Statistic(double lost, double won, double count, double difference)
    {
        double b = ((2 * count) - won + lost) * difference - won - lost, c = -lost * difference * (1 - difference);
        double share = (Math.Sqrt(Math.Max(0, (b * b) - (8 * count * c))) - b) / (4 * count);
        double above = won - lost - (count * difference), variance = count * ((2 * share) + (difference * (1 - difference)));
        return variance > 0 ? above / Math.Sqrt(variance) : Math.Sign(above) * double.PositiveInfinity;
    }
}
