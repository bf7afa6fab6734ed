using System.Globalization;

namespace DistillSharp.Reports;

/// <summary>What distillation gained over the control, in points of top-1 (1 point = 1 % of the test samples).</summary>
/// <param name="Points">Distilled minus control, for each seed.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation (n - 1); 0 for one seed.</param>
/// <param name="Wins">On how many seeds the distilled student was better.</param>
/// <param name="ErrorsRemoved">The share of the control's errors that is gone, 0 to 1; negative if there are more, and minus infinity where the control had none.</param>
/// <param name="Verdict">What follows, in words.</param>
public sealed record GainReport(IReadOnlyList<double> Points, double Mean, double Deviation, int Wins, double ErrorsRemoved, string Verdict)
{
    /// <summary>Compares the distilled student with its control.</summary>
    /// <param name="control">The control.</param>
    /// <param name="distilled">The distilled student, over the same seeds.</param>
    /// <returns>The comparison.</returns>
    public static GainReport Of(VariantReport control, VariantReport distilled)
    {
        ArgumentNullException.ThrowIfNull(control);
        ArgumentNullException.ThrowIfNull(distilled);
        double[] points = [.. control.Seeds.Zip(distilled.Seeds, (a, b) => 100 * (b.Score.Top1 - a.Score.Top1))];
        double mean = points.Average();
        double deviation = points.Length < 2 ? 0 : Math.Sqrt(points.Sum(point => Math.Pow(point - mean, 2)) / (points.Length - 1));
        int wins = points.Count(point => point > 0);
        double before = control.Mean(score => score.Errors), after = distilled.Mean(score => score.Errors);
        double removed = before > 0 ? 1 - (after / before) : after > 0 ? double.NegativeInfinity : 0;
        return new(points, mean, deviation, wins, removed, Judge(points, mean, deviation, wins));
    }

    private static string Judge(double[] points, double mean, double deviation, int wins)
    {
        if (mean <= 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Distillation did not help: {mean:+0.00;-0.00;0.00} points of top-1 against the control.");
        }

        if (points.Length == 1)
        {
            return string.Create(CultureInfo.InvariantCulture, $"The distilled student is {mean:0.00} points of top-1 above the control on one seed. One seed proves little: repeat it with --seeds 5.");
        }

        // Two standard errors of the mean.
        bool clear = mean > 2 * deviation / Math.Sqrt(points.Length);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(clear ? "Distillation helped" : "Distillation did not help clearly")}: {mean:+0.00} ± {deviation:0.00} points of top-1 over {points.Length} seeds, better on {wins} of them.{(clear ? "" : " The gain is within what seeds alone do.")}");
    }
}
