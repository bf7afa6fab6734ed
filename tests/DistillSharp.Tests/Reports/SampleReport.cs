using DistillSharp.Reports;
using DistillSharp.Runtime.Profiling;
using DistillSharp.Tasks.Classification;
using DistillSharp.Training;

namespace DistillSharp.Tests.Reports;

/// <summary>A report made by hand, with numbers that are easy to work out.</summary>
internal static class SampleReport
{
    private static readonly string[] s_names = ["cat", "dog", "cow"];

    /// <summary>Teacher, control and distilled student on three classes and two seeds.</summary>
    public static RunReport Create()
    {
        var control = Variant("control", Score(errors: 30), Score(errors: 20)) with { Profile = new(2, 0.1234, 0.5678, 12_345.6, 7_654_321) };
        var distilled = Variant("distilled", Score(errors: 18), Score(errors: 17));
        return new()
        {
            Name = "sample",
            Command = "distill run sample.yaml",
            Data = "three animals",
            Split = "270 for the teacher",
            ClassNames = s_names,
            Seeds = [4, 5],
            Machine = new("Some OS", "Some CPU", 2, ["AVX2"], ".NET 10"),
            Variants = [Variant("teacher", Score(errors: 3), Score(errors: 4)), control, distilled],
            Gain = GainReport.Of(control, distilled),
            SoftLabels = new(4, [[0.5, 0.3, 0.2], [0.25, 0.5, 0.25], [0.1, 0.2, 0.7]]),
            ControlDifference = ["+ kd with weight 0.9 at T = 4"],
            Recipe = "name: sample\n",
        };
    }

    public static VariantReport Variant(string name, params IReadOnlyList<ClassificationScore> scores) => new()
    {
        Name = name,
        Model = name == "teacher" ? "resnet8" : "mlp",
        Parameters = 1_234_567,
        Macs = 9_876,
        FileLength = 4_321,
        File = $"seed-4/{name}/weights/best.onnx",
        Seeds = [.. scores.Select((score, i) => new SeedReport(4 + i, score, 2, 20, 1.5, [Epoch(1, 0.4), Epoch(2, 0.6)]))],
    };

    public static EpochResult Epoch(int number, double? accuracy) => new()
    {
        EpochNumber = number,
        Step = 10 * number,
        Loss = 1.0 / number,
        Terms = new Dictionary<string, double> { ["hard"] = 0.5, ["kd"] = 0.25 },
        TrainAccuracy = 0.5,
        LearningRate = 0.1,
        ValidationScore = accuracy,
        ValidationLoss = accuracy is null ? null : 0.7,
        TrainSeconds = 0.75,
        ImagesPerSecond = 1000,
    };

    /// <summary>A score on 100 samples of 3 classes: 40, 40 and 20 of them; all errors are cats taken for dogs.</summary>
    public static ClassificationScore Score(int errors) => new()
    {
        Count = 100,
        Errors = errors,
        Top1 = 1 - (errors / 100.0),
        Top5 = 1,
        Nll = 0.5 + (errors / 1000.0),
        CalibrationError = 0.0421,
        Confusion = [[40 - errors, errors, 0], [0, 40, 0], [0, 0, 20]],
        Agreement = 0.9375,
    };
}
