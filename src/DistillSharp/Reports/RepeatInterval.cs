namespace DistillSharp.Reports;

/// <summary>The mean of paired differences over repeats, with its 95 % t-interval.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The standard deviation of the sample (n - 1).</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
internal readonly record struct RepeatInterval(double Mean, double Deviation, double Low, double High)
{
    private const double Share = 0.95;

    /// <summary>Takes the interval.</summary>
    /// <remarks>
    /// The variance of the mean is s² (1/n + test/training), Nadeau and Bengio 2003 (Machine Learning 52, 239-281): folds share training samples, so they vary less than
    /// independent runs would. Seeds on one test set share no draw of what differs between them, and the second term is 0. Differences that are equal tell the spread
    /// only down to the grain of the figure: s is at least that of differences of which one lies a grain away.
    /// </remarks>
    /// <param name="differences">The differences, 2 or more.</param>
    /// <param name="grain">The smallest change that the test set can show, in the differences' unit.</param>
    /// <param name="testShare">Test samples for each training sample where repeats are folds; 0 for seeds.</param>
    public static RepeatInterval Of(IReadOnlyList<double> differences, double grain, double testShare)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(differences.Count, 2, nameof(differences));
        var (mean, deviation) = Spread.Of(differences);
        double n = differences.Count, least = Math.Max(deviation, grain / Math.Sqrt(n));
        double half = StudentT.TwoSided(Share, differences.Count - 1) * least * Math.Sqrt((1 / n) + testShare);
        return new(mean, deviation, mean - half, mean + half);
    }
}
