namespace DistillSharp.Reports;

/// <summary>What distillation gained over the control, in points of a figure (1 point = 0.01).</summary>
/// <param name="Points">Distilled minus control, for each repeat.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation (n - 1); 0 for one repeat.</param>
/// <param name="Wins">In how many repeats the distilled student was better.</param>
/// <param name="Verdict">What follows, in words.</param>
public record Gain(IReadOnlyList<double> Points, double Mean, double Deviation, int Wins, string Verdict)
{
    /// <summary>The answer in one word.</summary>
    public GainAnswer Answer { get; init; }

    /// <summary>What must be known before the figure is believed, also part of the verdict; empty where nothing must.</summary>
    public string Caveat { get; init; } = "";

    /// <summary>The lower end of the 95 % interval, in points: over the repeats; with one repeat over its images, or null where that was not taken.</summary>
    public double? Low { get; init; }

    /// <summary>The upper end.</summary>
    public double? High { get; init; }

    /// <summary>The interval over the images, where there is one repeat; else null.</summary>
    public ImageInterval? Images { get; init; }

    /// <summary>The mean with its interval: <c>+0.61 (+0.18 to +1.04)</c>.</summary>
    public string Figures() => Low is { } low && High is { } high ? $"{Signed(Mean)} ({Signed(low)} to {Signed(high)})" : Signed(Mean);

    /// <summary>Judges scores.</summary>
    /// <param name="evidence">The scores, and what is known of them.</param>
    internal static Gain Of(GainEvidence evidence)
    {
        double[] points = [.. evidence.Control.Zip(evidence.Distilled, (control, distilled) => 100 * (distilled - control))];
        var (mean, deviation) = Spread.Of(points);
        var gain = new Gain(points, mean, deviation, points.Count(point => point > 0), "");
        if (points.Length > 1)
        {
            var interval = RepeatInterval.Of(points, 100 * evidence.Grain, evidence.TestShare);
            gain = gain with { Low = interval.Low, High = interval.High };
        }
        else if (evidence.Images is { } images)
        {
            gain = gain with { Low = images.Low, High = images.High, Images = images };
        }

        var verdict = new GainVerdict(gain, evidence);
        return gain with { Answer = verdict.Answer, Verdict = verdict.Text, Caveat = verdict.Caveat };
    }

    /// <summary>A number of points with its sign.</summary>
    internal static string Signed(double points) => FormattableString.Invariant($"{points:+0.00;-0.00;0.00}");
}
