using DistillSharp.Detection.Reports;
using DistillSharp.Reports;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Metrics;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Tests.Detection.Distillation;

public sealed class DetectionReportTests
{
    private static readonly TrueBox[] s_truths = [new(new(0, 0, 10, 10), 0), new(new(20, 20, 40, 40), 1)];

    [Fact]
    public void A_pictures_quality_is_the_mean_F1_over_the_thresholds()
    {
        // The first box overlaps its truth by 0.8: right at 0.50 to 0.80, 7 of 10 thresholds. The second is exact, the third is nowhere.
        DetectedBox[] found = [new(new(0, 0, 8, 10), 0.9f, 0), new(new(20, 20, 40, 40), 0.8f, 1), new(new(50, 50, 60, 60), 0.7f, 1)];

        Assert.Equal(2.0 * 17 / (10 * 5), PictureCases.Quality(found, s_truths), 1e-9);
        Assert.Equal(1, PictureCases.Quality([], []));
        Assert.Equal(0, PictureCases.Quality([], s_truths));
        Assert.Equal(0, PictureCases.Quality(found, []));
    }

    [Theory]
    [InlineData(new[] { 0.30, 0.32, 0.31 }, new[] { 0.33, 0.34, 0.35 }, "Distillation helps: +3.00 points of mAP50-95 against the control (95 % interval +0.52 to +5.48 over 3 seeds, better with 3 of them).")]
    [InlineData(new[] { 0.30, 0.32, 0.31 }, new[] { 0.29, 0.36, 0.31 }, "No clear difference: +1.00 points of mAP50-95 against the control (95 % interval -5.57 to +7.57 over 3 seeds, better with 1 of them). More seeds narrow the interval (--seeds 6).")]
    [InlineData(new[] { 0.30, 0.32 }, new[] { 0.31, 0.34 }, "No clear difference: +1.50 points of mAP50-95 against the control (95 % interval -4.85 to +7.85 over 2 seeds, better with 2 of them). More seeds narrow the interval (--seeds 5).")]
    [InlineData(new[] { 0.30 }, new[] { 0.32 }, "+2.00 points of mAP50-95 against the control (no interval). One seed compares these two models, not distillation: repeat it with --seeds 5.")]
    [InlineData(new[] { 0.30, 0.31, 0.32 }, new[] { 0.27, 0.28, 0.30 }, "Distillation hurts: -2.67 points of mAP50-95 against the control (95 % interval -4.10 to -1.23 over 3 seeds, better with 0 of them).")]
    public void The_gain_is_told_with_its_interval(double[] control, double[] distilled, string verdict) =>
        Assert.Equal(verdict, Variant("distilled", distilled).GainOver(Variant("control", control)).Verdict);

    [Fact]
    public void Folds_widen_the_interval_by_what_they_share()
    {
        // Differences of 2, 1, 3 and 2 points: mean 2, s² = 2/3; t(3) = 3.182. Four folds of 10 images: 1/4 + 10/30; so 3.182 sqrt(2/3 * 7/12) = 1.984.
        double[] control = [0.30, 0.31, 0.30, 0.31], distilled = [0.32, 0.32, 0.33, 0.33];
        var folds = Variant("distilled", distilled, "fold").GainOver(Variant("control", control, "fold"));

        Assert.Equal("Distillation helps: +2.00 points of mAP50-95 against the control (95 % interval +0.02 to +3.98 over 4 folds, better with 4 of them).", folds.Verdict);

        // Half the training images (fraction: 0.5) leave 10/15: 3.182 sqrt(2/3 * 11/12) = 2.487.
        Assert.Equal(-0.49, Variant("distilled", distilled, "fold", 15).GainOver(Variant("control", control, "fold", 15)).Low!.Value, 0.005);

        // As seeds: 3.182 sqrt(2/3 / 4) = 1.299.
        Assert.Equal(0.70, Variant("distilled", distilled).GainOver(Variant("control", control)).Low!.Value, 0.005);
    }

    [Fact]
    public void Detectors_that_have_learned_next_to_nothing_get_no_verdict()
    {
        // The scale of four folds of 96 images from fresh weights.
        var gain = Variant("distilled", [0.006, 0.009, 0.010, 0.007], "fold").GainOver(Variant("control", [0.002, 0.005, 0.006, 0.003], "fold"), Variant("teacher", [0.02, 0.01, 0.01, 0.01], "fold"));

        Assert.Equal(GainAnswer.Open, gain.Answer);
        Assert.StartsWith("No verdict: +0.40 points of mAP50-95 against the control", gain.Verdict, StringComparison.Ordinal);
        Assert.EndsWith("Neither model is clearly above an mAP50-95 that takes some learning (0.020): control 0.004, distilled 0.008.", gain.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void A_teacher_below_the_control_is_not_what_helped()
    {
        var gain = Variant("distilled", [0.33, 0.34, 0.35]).GainOver(Variant("control", [0.30, 0.32, 0.31]), Variant("teacher", [0.30, 0.30, 0.30]), Variant("teacher-2", [0.20, 0.20, 0.20]));

        Assert.Equal(GainAnswer.Open, gain.Answer);
        Assert.EndsWith("The teacher does not score above the control (0.300 against 0.310), so the gain does not come from a better teacher.", gain.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void The_gain_of_an_earlier_layout_is_judged_again()
    {
        var report = Report();
        var old = report with { Format = 1, Gain = new([3, 2, 4], 3, 1, 3, "Distillation helped: +3.00 ± 1.00 points of mAP50-95 over 3 seeds, better on 3 of them.") };

        Assert.Equal(report.Gain!.Verdict, DetectionRunReport.Parse(old.ToJson()).Gain!.Verdict);
    }

    [Fact]
    public void What_two_variants_found_is_compared_over_the_images()
    {
        var source = new SampleSource(s_truths);
        var found = new FoundBoxes(kept: true, source, classCount: 2);
        foreach (var (variant, box) in new[] { ("control", new BoundingBox(0, 0, 6.2f, 10)), ("distilled", s_truths[0].Box) })
        {
            var observer = found.Of(variant);
            for (int i = 0; i < source.Count; i++)
            {
                observer.OnPicture(i, [new(box, 0.9f, 0), new(s_truths[1].Box, 0.8f, 1)]);
            }
        }

        // The control's first box overlaps by 0.62: right at 0.50, 0.55 and 0.60; all else is the same, so every draw of the images gives the same difference.
        var images = found.Difference("control", "distilled")!;
        double points = 100 * 0.995 * 0.7 / 2, unseen = 100 * 3.8415 / (source.Count + 3.8415);
        Assert.Equal((points - unseen, points + unseen, source.Count), (images.Low, images.High, images.Count), (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-2 && a.Item3 == b.Item3);
        Assert.Null(found.Difference("control", "int8"));
        Assert.Null(new FoundBoxes(kept: true).Difference("control", "distilled"));
    }

    [Fact]
    public void The_page_shows_every_part_and_nothing_of_it_is_taken_for_markup()
    {
        var report = Report();

        string page = DetectionHtml.Write(report);

        Assert.All(
            ["0.310", "Distillation helps", "+3.00 (+0.52 to +5.48), mean and 95 % interval over the seeds", "a &lt;b&gt; class", "pictures/01.png", "Precision over recall", "What differs in the recipe", "+ 1 boxes", "The teacher is weak.", "distill run x.yaml"],
            part => Assert.Contains(part, page, StringComparison.Ordinal));
        Assert.DoesNotContain("<b> class", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_comes_back_from_its_file()
    {
        string json = Report().ToJson();

        Assert.Equal(json, DetectionRunReport.Parse(json).ToJson());
        Assert.Throws<System.Text.Json.JsonException>(() => DetectionRunReport.Parse(json.Replace("\"detect\"", "\"classify\"", StringComparison.Ordinal)));
    }

    private static DetectionRunReport Report()
    {
        DetectorVariant[] variants = [Variant("teacher", [0.5, 0.5, 0.5]), Variant("control", [0.30, 0.32, 0.31]), Variant("distilled", [0.33, 0.34, 0.35])];
        return new()
        {
            Name = "try",
            Command = "distill run x.yaml",
            Data = "shapes",
            Split = "some",
            ClassNames = ["a <b> class", "other"],
            Repeats = ["seed 0", "seed 1", "seed 2"],
            Machine = MachineReport.Read(),
            Variants = variants,
            Gain = variants[2].GainOver(variants[1]),
            ControlDifference = ["+ 1 boxes"],
            Warnings = ["the teacher is weak"],
            Pictures = [new("a <b> picture", "pictures/01.png", 0.8, 0.2)],
            Recipe = "name: try",
        };
    }

    private static DetectorVariant Variant(string name, double[] maps, string repeat = "seed", int trainImages = 0) => new()
    {
        Name = name,
        Model = "yolo11n",
        Parameters = 1000,
        FileLength = 2000,
        File = "best.onnx",
        Scores = [.. maps.Select((map, i) => new DetectorScore
        {
            Repeat = $"{repeat} {i}",
            Images = 10,
            TrainImages = trainImages,
            Instances = 20,
            Map = map,
            Map50 = map + 0.1,
            Map75 = map - 0.1,
            Precision = 0.5,
            Recall = 0.5,
            Classes = [new(0, 10, map + 0.1, map), new(1, 10, map + 0.1, map)],
            PrecisionOverRecall = [.. Enumerable.Range(0, 101).Select(j => 1 - (j / 100.0))],
        })],
    };

    /// <summary>Twenty images of 100 x 100 that show the same.</summary>
    private sealed class SampleSource(IReadOnlyList<TrueBox> truths) : IDetectionSource
    {
        private readonly IReadOnlyList<BoxLabel> _labels = [.. truths.Select(truth => new BoxLabel(
            truth.ClassIndex, (truth.Box.Left + truth.Box.Right) / 200, (truth.Box.Top + truth.Box.Bottom) / 200, (truth.Box.Right - truth.Box.Left) / 100, (truth.Box.Bottom - truth.Box.Top) / 100))];

        public int Count => 20;

        public string Describe(int index) => $"image {index}";

        public (int Width, int Height) SizeOf(int index) => (100, 100);

        public IReadOnlyList<BoxLabel> LabelsOf(int index) => _labels;

        public PixelImage Read(int index) => throw new NotSupportedException();
    }
}
