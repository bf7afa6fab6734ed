namespace DistillSharp.Reports;

/// <summary>A mean over repeats and how far they lie apart.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The standard deviation of the sample (n - 1); 0 for one value.</param>
internal readonly record struct Spread(double Mean, double Deviation)
{
    /// <summary>Takes the spread of values, at least one.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double mean = all.Average();
        return new(mean, all.Length < 2 ? 0 : Math.Sqrt(all.Sum(value => (value - mean) * (value - mean)) / (all.Length - 1)));
    }
}
