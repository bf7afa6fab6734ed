namespace DistillSharp.Reports;

/// <summary>What distillation gained over the control, in points of top-1 (1 point = 1 % of the test samples).</summary>
/// <param name="Points">Distilled minus control, for each seed.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation (n - 1); 0 for one seed.</param>
/// <param name="Wins">On how many seeds the distilled student was better.</param>
/// <param name="Verdict">What follows, in words.</param>
/// <param name="ErrorsRemoved">The share of the control's errors that is gone, 0 to 1; negative if there are more, and minus infinity where the control had none.</param>
public sealed record GainReport(IReadOnlyList<double> Points, double Mean, double Deviation, int Wins, string Verdict, double ErrorsRemoved)
    : Gain(Points, Mean, Deviation, Wins, Verdict)
{
    /// <summary>Compares the distilled student with its control.</summary>
    /// <param name="control">The control.</param>
    /// <param name="distilled">The distilled student, over the same seeds.</param>
    /// <returns>The comparison.</returns>
    public static GainReport Of(VariantReport control, VariantReport distilled)
    {
        ArgumentNullException.ThrowIfNull(control);
        ArgumentNullException.ThrowIfNull(distilled);
        var gain = Of(control.Seeds.Zip(distilled.Seeds, (a, b) => b.Score.Top1 - a.Score.Top1), "top-1", "seed", "--seeds 5");
        double before = control.Mean(score => score.Errors), after = distilled.Mean(score => score.Errors);
        double removed = before > 0 ? 1 - (after / before) : after > 0 ? double.NegativeInfinity : 0;
        return new(gain.Points, gain.Mean, gain.Deviation, gain.Wins, gain.Verdict, removed);
    }
}
