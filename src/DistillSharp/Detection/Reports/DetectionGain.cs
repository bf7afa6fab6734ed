using System.Globalization;

namespace DistillSharp.Detection.Reports;

/// <summary>What distillation gained over the control, in points of mAP50-95 (1 point = 0.01).</summary>
/// <param name="Points">Distilled minus control, for each repeat.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation (n - 1); 0 for one repeat.</param>
/// <param name="Wins">In how many repeats the distilled student was better.</param>
/// <param name="Verdict">What follows, in words.</param>
public sealed record DetectionGain(IReadOnlyList<double> Points, double Mean, double Deviation, int Wins, string Verdict)
{
    /// <summary>Compares the distilled student with its control.</summary>
    /// <param name="control">The control.</param>
    /// <param name="distilled">The distilled student, over the same repeats.</param>
    public static DetectionGain Of(DetectorVariant control, DetectorVariant distilled)
    {
        ArgumentNullException.ThrowIfNull(control);
        ArgumentNullException.ThrowIfNull(distilled);
        double[] points = [.. control.Scores.Zip(distilled.Scores, (a, b) => 100 * (b.Map - a.Map))];
        double mean = points.Average(), deviation = points.Length < 2 ? 0 : Math.Sqrt(points.Sum(point => Math.Pow(point - mean, 2)) / (points.Length - 1));
        int wins = points.Count(point => point > 0);
        return new(points, mean, deviation, wins, Judge(points, mean, deviation, wins, control.Scores[0].Repeat.Split(' ')[0]));
    }

    private static string Judge(double[] points, double mean, double deviation, int wins, string repeat)
    {
        if (mean <= 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Distillation did not help: {mean:+0.00;-0.00;0.00} points of mAP50-95 against the control.");
        }

        if (points.Length == 1)
        {
            return string.Create(CultureInfo.InvariantCulture, $"The distilled student is {mean:0.00} points of mAP50-95 above the control on one {repeat}. One {repeat} proves little: repeat it with more ({(repeat == "fold" ? "folds: 4" : "seeds: 3")}).");
        }

        // Two standard errors of the mean.
        bool clear = mean > 2 * deviation / Math.Sqrt(points.Length);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(clear ? "Distillation helped" : "Distillation did not help clearly")}: {mean:+0.00} ± {deviation:0.00} points of mAP50-95 over {points.Length} {repeat}s, better on {wins} of them.{(clear ? "" : $" The gain is within what {repeat}s alone do.")}");
    }
}
