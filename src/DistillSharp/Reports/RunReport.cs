using System.Text.Json;
using DistillSharp.Tasks.Classification;
using DistillSharp.Training;

namespace DistillSharp.Reports;

/// <summary>Everything a run found out: what <c>report.json</c> holds and <c>report.html</c> shows.</summary>
public sealed record RunReport
{
    /// <summary>The layout's version: 2 since the gain has its interval.</summary>
    public int Format { get; init; } = 2;

    /// <summary>The run's name.</summary>
    public required string Name { get; init; }

    /// <summary>The command that repeats the run; empty if it was not run by one.</summary>
    public string Command { get; init; } = "";

    /// <summary>The data that was used, with its counts.</summary>
    public required string Data { get; init; }

    /// <summary>How the training data was split, in words.</summary>
    public required string Split { get; init; }

    /// <summary>The labels that teacher and student learned from, where the student had fewer; else null.</summary>
    public LabelReport? Labels { get; init; }

    /// <summary>The classes' names.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>The seeds.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>The machine.</summary>
    public required MachineReport Machine { get; init; }

    /// <summary>The variants: teacher, control, distilled, and what followed.</summary>
    public required IReadOnlyList<VariantReport> Variants { get; init; }

    /// <summary>What distillation gained over the control; null without a control.</summary>
    public GainReport? Gain { get; init; }

    /// <summary>The teacher's mean soft label for each true class; null without a teacher.</summary>
    public SoftLabelReport? SoftLabels { get; init; }

    /// <summary>In what the distilled run's recipe differs from the control's.</summary>
    public required IReadOnlyList<string> ControlDifference { get; init; }

    /// <summary>Undecodable samples that were skipped.</summary>
    public IReadOnlyList<string> SkippedSamples { get; init; } = [];

    /// <summary>The resolved recipe.</summary>
    public required string Recipe { get; init; }

    /// <summary>Writes the report as JSON.</summary>
    /// <returns>The text.</returns>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Options);

    /// <summary>Reads a report. The gain of one of an earlier layout is judged again, from what its seeds scored.</summary>
    /// <param name="json">The text.</param>
    /// <returns>The report.</returns>
    /// <exception cref="JsonException">It is no report.</exception>
    public static RunReport Parse(string json)
    {
        var report = JsonSerializer.Deserialize<RunReport>(json, ReportJson.Options) ?? throw new JsonException("The report is empty.");
        return report is { Format: < 2, Gain: not null } ? report with { Gain = GainReport.Of(report.Variants) } : report;
    }

    /// <summary>Finds a variant.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The variant, or null.</returns>
    public VariantReport? Find(string name) => Variants.FirstOrDefault(variant => variant.Name == name);
}

/// <summary>One model of a run.</summary>
public sealed record VariantReport
{
    /// <summary><c>teacher</c>, <c>control</c>, <c>distilled</c>, <c>tuned</c> or <c>int8</c>; <c>student</c> for one trained alone.</summary>
    public required string Name { get; init; }

    /// <summary>The model's key or file.</summary>
    public required string Model { get; init; }

    /// <summary>The number of trainable weights; of an INT8 model, those of the float one it was made from.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiply-accumulates for one picture; null where the graph does not say.</summary>
    public long? Macs { get; init; }

    /// <summary>The ONNX file's size in bytes.</summary>
    public required long FileLength { get; init; }

    /// <summary>The first seed's file, relative to the run's folder.</summary>
    public required string File { get; init; }

    /// <summary>Speed and memory; null where it was not measured.</summary>
    public Runtime.Profiling.ModelProfile? Profile { get; init; }

    /// <summary>The result of each seed.</summary>
    public required IReadOnlyList<SeedReport> Seeds { get; init; }

    /// <summary>The mean over the seeds of a figure.</summary>
    /// <param name="figure">The figure.</param>
    public double Mean(Func<ClassificationScore, double> figure) => Over(figure).Mean;

    /// <summary>The standard deviation over the seeds (n - 1) of a figure; 0 for one seed.</summary>
    /// <param name="figure">The figure.</param>
    public double Deviation(Func<ClassificationScore, double> figure) => Over(figure).Deviation;

    private Spread Over(Func<ClassificationScore, double> figure) => Spread.Of(Seeds.Select(seed => figure(seed.Score)));
}

/// <summary>One seed's result of a variant.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Score">What it scored on the test set.</param>
/// <param name="BestEpoch">The epoch whose weights were kept; 0 for a model that was not trained here.</param>
/// <param name="Steps">Optimiser steps.</param>
/// <param name="TrainSeconds">Time in the training loop, seconds.</param>
/// <param name="Curve">The epochs.</param>
public sealed record SeedReport(long Seed, ClassificationScore Score, int BestEpoch, long Steps, double TrainSeconds, IReadOnlyList<EpochResult> Curve)
{
    /// <summary>Which test samples it gets right, a bit a sample from the lowest of the first byte on (base64 in JSON); null in reports of an earlier layout.</summary>
    public byte[]? Right { get; init; }
}

/// <summary>The teacher's mean soft label for each true class: its dark knowledge.</summary>
/// <param name="Temperature">The temperature.</param>
/// <param name="Mean">Row = true class, column = class; probabilities.</param>
public sealed record SoftLabelReport(double Temperature, double[][] Mean);

/// <summary>How many labels were used; those that choose the best epoch are among them.</summary>
/// <param name="Teacher">The teacher's.</param>
/// <param name="Student">The student's, and its control's.</param>
/// <param name="Unlabeled">The images without a label that the student learned from beside them.</param>
public sealed record LabelReport(int Teacher, int Student, int Unlabeled);
