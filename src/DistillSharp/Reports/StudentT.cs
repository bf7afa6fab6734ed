namespace DistillSharp.Reports;

/// <summary>Student's t distribution with whole degrees of freedom, from its finite series (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4).</summary>
internal static class StudentT
{
    private const int Halvings = 100;

    /// <summary>The deviate within which, on both sides of 0, a share of the distribution lies: 12.71 for 0.95 and 1 degree of freedom.</summary>
    /// <param name="share">The share, above 0 and below 1.</param>
    /// <param name="freedom">The degrees of freedom, 1 or more.</param>
    public static double TwoSided(double share, int freedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(freedom, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share, 1);
        double low = 0, high = Math.PI / 2;
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = Within(middle, freedom) < share ? (middle, high) : (low, middle);
        }

        return Math.Sqrt(freedom) * Math.Tan((low + high) / 2);
    }

    /// <summary>The share within ± √freedom · tan(angle).</summary>
    private static double Within(double angle, int freedom)
    {
        double sine = Math.Sin(angle), cosine = Math.Cos(angle);
        if (freedom % 2 == 1)
        {
            double odd = 0, power = cosine;
            for (int i = 1; i < freedom; i += 2)
            {
                odd += power;
                power *= cosine * cosine * (i + 1) / (i + 2);
            }

            return (angle + (sine * odd)) * 2 / Math.PI;
        }

        double even = 0, term = 1;
        for (int i = 0; i < freedom; i += 2)
        {
            even += term;
            term *= cosine * cosine * (i + 1) / (i + 2);
        }

        return sine * even;
    }
}
