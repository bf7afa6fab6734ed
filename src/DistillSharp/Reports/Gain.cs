using static System.FormattableString;

namespace DistillSharp.Reports;

/// <summary>What distillation gained over the control, in points of a figure (1 point = 0.01).</summary>
/// <param name="Points">Distilled minus control, for each repeat.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation (n - 1); 0 for one repeat.</param>
/// <param name="Wins">In how many repeats the distilled student was better.</param>
/// <param name="Verdict">What follows, in words.</param>
public record Gain(IReadOnlyList<double> Points, double Mean, double Deviation, int Wins, string Verdict)
{
    /// <summary>Whether the gain is more than two standard errors of its mean; one repeat cannot tell.</summary>
    internal bool IsClear => Clear(Points.Count, Mean, Deviation);

    /// <summary>Judges the differences.</summary>
    /// <param name="differences">Distilled minus control, 0 to 1, for each repeat.</param>
    /// <param name="figure">The figure's name: <c>top-1</c>.</param>
    /// <param name="repeat">What is repeated: <c>seed</c>.</param>
    /// <param name="more">How to repeat it more often, after "repeat it with".</param>
    internal static Gain Of(IEnumerable<double> differences, string figure, string repeat, string more)
    {
        double[] points = [.. differences.Select(difference => 100 * difference)];
        var (mean, deviation) = Spread.Of(points);
        int wins = points.Count(point => point > 0);
        string spread = Invariant($"{mean:+0.00} ± {deviation:0.00} points of {figure} over {points.Length} {repeat}s, better on {wins} of them.");
        string verdict = mean <= 0 ? Invariant($"Distillation did not help: {mean:+0.00;-0.00;0.00} points of {figure} against the control.")
            : points.Length == 1 ? Invariant($"The distilled student is {mean:0.00} points of {figure} above the control on one {repeat}. One {repeat} proves little: repeat it with {more}.")
            : Clear(points.Length, mean, deviation) ? $"Distillation helped: {spread}"
            : $"Distillation did not help clearly: {spread} The gain is within what {repeat}s alone do.";
        return new(points, mean, deviation, wins, verdict);
    }

    private static bool Clear(int repeats, double mean, double deviation) => repeats > 1 && mean > 2 * deviation / Math.Sqrt(repeats);
}
