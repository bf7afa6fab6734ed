using DistillSharp.Reports;
using DistillSharp.Tasks.Detection.Metrics;

namespace DistillSharp.Detection.Reports;

/// <summary>Judges what distillation gained over the control in mAP50-95.</summary>
internal static class DetectionGain
{
    /// <summary>The mAP50-95 that one of two detectors must exceed for them to be compared: below it, boxes lie where things tend to be rather than where they are.</summary>
    public const double Floor = 0.02;

    /// <summary>Compares the distilled student of a report with its control.</summary>
    /// <param name="variants">The report's variants.</param>
    /// <param name="images">The difference over the images of the one repeat; null where it was not taken.</param>
    /// <returns>The gain; null without a control.</returns>
    public static Gain? Of(IReadOnlyList<DetectorVariant> variants, ImageInterval? images = null) =>
        variants.FirstOrDefault(variant => variant.Name == "control") is not { } control ? null
        : Of(control, variants.First(variant => variant.Name == "distilled"), variants.Where(variant => variant.Name.StartsWith("teacher", StringComparison.Ordinal)), images);

    /// <summary>Compares a student with its control.</summary>
    /// <param name="control">The control.</param>
    /// <param name="distilled">The student, over the same repeats.</param>
    /// <param name="teachers">The teachers.</param>
    /// <param name="images">The difference over the images of the one repeat; null where it was not taken.</param>
    public static Gain Of(DetectorVariant control, DetectorVariant distilled, IEnumerable<DetectorVariant> teachers, ImageInterval? images)
    {
        ArgumentNullException.ThrowIfNull(control);
        ArgumentNullException.ThrowIfNull(teachers);
        string repeat = RepeatOf(control.Scores[0].Repeat);
        return Gain.Of(new()
        {
            Figure = "mAP50-95",
            Show = map => FormattableString.Invariant($"{map:0.000}"),
            Control = [.. control.Scores.Select(score => score.Map)],
            Distilled = [.. distilled.Scores.Select(score => score.Map)],
            Teacher = teachers.Select(teacher => (double?)teacher.Mean(score => score.Map)).Max(),
            Repeat = repeat,
            TestShare = repeat == "fold" ? TestShare(control.Scores) : 0,
            Grain = 1 / Math.Max(1, BoxMatcher.ThresholdCount * control.Scores.Average(score => score.Instances)),
            Floor = Floor,
            FloorName = "an mAP50-95 that takes some learning",
            Images = images,
        });
    }

    /// <summary>What a repeat is: <c>fold</c> of <c>fold 1</c>.</summary>
    /// <param name="label">The repeat.</param>
    public static string RepeatOf(string label) => label.Split(' ')[0];

    /// <summary>Test images for each training image, the mean of the folds; where it is not known what taught, all other folds did.</summary>
    private static double TestShare(IReadOnlyList<DetectorScore> folds)
    {
        int all = folds.Sum(fold => fold.Images);
        return folds.Average(fold => fold.Images / (double)Math.Max(1, fold.TrainImages > 0 ? fold.TrainImages : all - fold.Images));
    }
}
