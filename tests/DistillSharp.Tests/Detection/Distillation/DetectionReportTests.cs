using DistillSharp.Detection.Reports;
using DistillSharp.Reports;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Metrics;

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
    [InlineData(new[] { 0.30, 0.32, 0.31 }, new[] { 0.33, 0.34, 0.35 }, "Distillation helped: +3.00 ± 1.00 points of mAP50-95 over 3 seeds, better on 3 of them.")]
    [InlineData(new[] { 0.30, 0.32, 0.31 }, new[] { 0.29, 0.36, 0.31 }, "Distillation did not help clearly: +1.00 ± 2.65 points of mAP50-95 over 3 seeds, better on 1 of them. The gain is within what seeds alone do.")]
    [InlineData(new[] { 0.30 }, new[] { 0.32 }, "The distilled student is 2.00 points of mAP50-95 above the control on one seed. One seed proves little: repeat it with more (seeds: 3).")]
    [InlineData(new[] { 0.30 }, new[] { 0.29 }, "Distillation did not help: -1.00 points of mAP50-95 against the control.")]
    public void The_gain_is_told_with_its_spread(double[] control, double[] distilled, string verdict) =>
        Assert.Equal(verdict, Variant("distilled", distilled).GainOver(Variant("control", control)).Verdict);

    [Fact]
    public void The_page_shows_every_part_and_nothing_of_it_is_taken_for_markup()
    {
        var report = Report();

        string page = DetectionHtml.Write(report);

        Assert.All(
            ["0.310", "Distillation helped", "a &lt;b&gt; class", "pictures/01.png", "Precision over recall", "What differs in the recipe", "+ 1 boxes", "The teacher is weak.", "distill run x.yaml"],
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

    private static DetectorVariant Variant(string name, double[] maps) => new()
    {
        Name = name,
        Model = "yolo11n",
        Parameters = 1000,
        FileLength = 2000,
        File = "best.onnx",
        Scores = [.. maps.Select((map, i) => new DetectorScore
        {
            Repeat = $"seed {i}",
            Images = 10,
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
}
