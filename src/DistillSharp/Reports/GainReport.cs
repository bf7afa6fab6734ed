using DistillSharp.Teachers;

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
    /// <param name="teachers">The teachers; none where a student has none.</param>
    /// <returns>The comparison.</returns>
    public static GainReport Of(VariantReport control, VariantReport distilled, params IEnumerable<VariantReport> teachers)
    {
        ArgumentNullException.ThrowIfNull(control);
        ArgumentNullException.ThrowIfNull(distilled);
        ArgumentNullException.ThrowIfNull(teachers);
        var score = control.Seeds[0].Score;
        var pair = control.Seeds.Count == 1 ? RightAnswers.Compare(control.Seeds[0], distilled.Seeds[0]) : null;
        var gain = Of(new GainEvidence
        {
            Figure = "top-1",
            Show = share => FormattableString.Invariant($"{100 * share:0.00} %"),
            Control = [.. control.Seeds.Select(seed => seed.Score.Top1)],
            Distilled = [.. distilled.Seeds.Select(seed => seed.Score.Top1)],
            Teacher = teachers.Select(teacher => (double?)teacher.Mean(score => score.Top1)).Max(),
            Repeat = "seed",
            Grain = 1.0 / score.Count,
            Floor = TeacherCheck.ChanceBound(score.Confusion.Max(row => row.Sum()) / (double)score.Count, score.Count),
            FloorName = "always naming the most frequent class",
            Images = pair is null ? null : new(pair.Low, pair.High, score.Count),
        });
        double before = control.Mean(score => score.Errors), after = distilled.Mean(score => score.Errors);
        double removed = before > 0 ? 1 - (after / before) : after > 0 ? double.NegativeInfinity : 0;
        return new(gain.Points, gain.Mean, gain.Deviation, gain.Wins, gain.Verdict, removed) { Answer = gain.Answer, Caveat = gain.Caveat, Low = gain.Low, High = gain.High, Images = gain.Images };
    }

    /// <summary>Compares the distilled student of a report with its control.</summary>
    /// <param name="variants">The report's variants.</param>
    /// <returns>The comparison; null without a control.</returns>
    internal static GainReport? Of(IReadOnlyList<VariantReport> variants) =>
        variants.FirstOrDefault(variant => variant.Name == "control") is not { } control ? null
        : Of(control, variants.First(variant => variant.Name == "distilled"), variants.Where(variant => variant.Name.StartsWith("teacher", StringComparison.Ordinal)));
}
