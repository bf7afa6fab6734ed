using System.Text.Json;
using DistillSharp.Reports;
using DistillSharp.Runtime.Profiling;
using DistillSharp.Training;

namespace DistillSharp.Detection.Reports;

/// <summary>Everything a detector's distillation found out: what <c>report.json</c> holds and <c>report.html</c> shows.</summary>
public sealed record DetectionRunReport
{
    /// <summary>What the file is: tells it from a classifier's report.</summary>
    public string Task { get; init; } = "detect";

    /// <summary>The layout's version: 2 since the gain has its interval.</summary>
    public int Format { get; init; } = 2;

    /// <summary>The run's name.</summary>
    public required string Name { get; init; }

    /// <summary>The command that repeats the run; empty if it was not run by one.</summary>
    public string Command { get; init; } = "";

    /// <summary>The data that was used.</summary>
    public required string Data { get; init; }

    /// <summary>Which pictures taught, chose and are reported, in words.</summary>
    public required string Split { get; init; }

    /// <summary>The classes' names.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>The repeats: <c>seed 0</c>, or <c>fold 1</c>.</summary>
    public required IReadOnlyList<string> Repeats { get; init; }

    /// <summary>The machine.</summary>
    public required MachineReport Machine { get; init; }

    /// <summary>The variants: teacher, control, distilled, INT8.</summary>
    public required IReadOnlyList<DetectorVariant> Variants { get; init; }

    /// <summary>What distillation gained over the control in mAP50-95; null without a control.</summary>
    public Gain? Gain { get; init; }

    /// <summary>In what the distilled run differs from the control's.</summary>
    public required IReadOnlyList<string> ControlDifference { get; init; }

    /// <summary>What must be known before the figures are believed: a weak teacher, pictures that score and teach.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Pictures that could not be read and were left out.</summary>
    public IReadOnlyList<string> SkippedPictures { get; init; } = [];

    /// <summary>The pictures drawn side by side, the worst regressions first; of the first repeat.</summary>
    public IReadOnlyList<PictureCase> Pictures { get; init; } = [];

    /// <summary>The resolved recipe.</summary>
    public required string Recipe { get; init; }

    /// <summary>Writes the report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Options);

    /// <summary>Reads a report. The gain of one of an earlier layout is judged again, from what its repeats scored.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="JsonException">It is no such report.</exception>
    public static DetectionRunReport Parse(string json) =>
        JsonSerializer.Deserialize<DetectionRunReport>(json, ReportJson.Options) is not { Task: "detect" } report ? throw new JsonException("The file is not a report of a detector's distillation.")
        : report is { Format: < 2, Gain: not null } ? report with { Gain = DetectionGain.Of(report.Variants) } : report;

    /// <summary>Finds a variant.</summary>
    /// <param name="name">Its name.</param>
    public DetectorVariant? Find(string name) => Variants.FirstOrDefault(variant => variant.Name == name);
}

/// <summary>One model of a run.</summary>
public sealed record DetectorVariant
{
    /// <summary><c>teacher</c>, <c>teacher-2</c>, <c>control</c>, <c>distilled</c> or <c>int8</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The model's key or file.</summary>
    public required string Model { get; init; }

    /// <summary>The number of trainable weights; of an INT8 model, those of the float one it was made from.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiply-accumulates for one picture; null where the graph does not say.</summary>
    public long? Macs { get; init; }

    /// <summary>The file's size in bytes.</summary>
    public required long FileLength { get; init; }

    /// <summary>The first repeat's file, relative to the run's folder where it lies inside.</summary>
    public required string File { get; init; }

    /// <summary>Speed and memory; null where it was not measured.</summary>
    public ModelProfile? Profile { get; init; }

    /// <summary>What each repeat scored.</summary>
    public required IReadOnlyList<DetectorScore> Scores { get; init; }

    /// <summary>The mean over the repeats of a figure.</summary>
    /// <param name="figure">The figure.</param>
    public double Mean(Func<DetectorScore, double> figure) => Spread.Of(Scores.Select(figure)).Mean;

    /// <summary>The standard deviation over the repeats (n - 1) of a figure; 0 for one.</summary>
    /// <param name="figure">The figure.</param>
    public double Deviation(Func<DetectorScore, double> figure) => Spread.Of(Scores.Select(figure)).Deviation;

    /// <summary>What this variant gained over the control, in points of mAP50-95.</summary>
    /// <param name="control">The control, over the same repeats.</param>
    /// <param name="teachers">The teachers.</param>
    public Gain GainOver(DetectorVariant control, params IEnumerable<DetectorVariant> teachers) => DetectionGain.Of(control, this, teachers, images: null);
}

/// <summary>What a model scored in one repeat, on the reported pictures.</summary>
public sealed record DetectorScore
{
    /// <summary>The repeat.</summary>
    public required string Repeat { get; init; }

    /// <summary>The pictures scored.</summary>
    public required int Images { get; init; }

    /// <summary>The labelled pictures that taught in this repeat; 0 in reports of an earlier layout.</summary>
    public int TrainImages { get; init; }

    /// <summary>Their true boxes.</summary>
    public required int Instances { get; init; }

    /// <summary>mAP50-95, Ultralytics' variant, 0 to 1.</summary>
    public required double Map { get; init; }

    /// <summary>mAP50, Ultralytics' variant, 0 to 1.</summary>
    public required double Map50 { get; init; }

    /// <summary>mAP75, 0 to 1.</summary>
    public required double Map75 { get; init; }

    /// <summary>The mean precision at the confidence of the best F1, 0 to 1.</summary>
    public required double Precision { get; init; }

    /// <summary>The mean recall there, 0 to 1.</summary>
    public required double Recall { get; init; }

    /// <summary>The classes that have true boxes.</summary>
    public required IReadOnlyList<ClassAp> Classes { get; init; }

    /// <summary>Precision over recall at IoU 0.50, the mean over the classes, at recalls of 0 to 1 in steps of 0.01.</summary>
    public required IReadOnlyList<double> PrecisionOverRecall { get; init; }

    /// <summary>The epoch whose weights were kept; 0 for a model that was not trained here.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Training steps.</summary>
    public long Steps { get; init; }

    /// <summary>Time in the training loop, seconds.</summary>
    public double TrainSeconds { get; init; }

    /// <summary>The epochs.</summary>
    public IReadOnlyList<EpochResult> Curve { get; init; } = [];
}

/// <summary>What a model scored on one class.</summary>
/// <param name="ClassIndex">The 0-based class.</param>
/// <param name="Instances">Its true boxes.</param>
/// <param name="Ap50">Its average precision at IoU 0.50, 0 to 1.</param>
/// <param name="Ap">Its mean average precision over IoU 0.50 to 0.95, 0 to 1.</param>
public sealed record ClassAp(int ClassIndex, int Instances, double Ap50, double Ap);

/// <summary>A picture on which distilled student and control differ, drawn with what each found.</summary>
/// <param name="Source">Where the picture is from.</param>
/// <param name="File">The drawing, relative to the run's folder.</param>
/// <param name="Control">How well the control did on it: its mean F1 over IoU 0.50 to 0.95 at a confidence of 0.25, 0 to 1.</param>
/// <param name="Distilled">How well the distilled student did.</param>
public sealed record PictureCase(string Source, string File, double Control, double Distilled);
