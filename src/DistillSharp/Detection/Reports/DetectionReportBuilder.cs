using System.Globalization;
using DistillSharp.Detection.Distillation;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Format;
using DistillSharp.Reports;
using DistillSharp.Runs;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Detection;
using DistillSharp.Runtime.Profiling;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Drawing;
using DistillSharp.Tasks.Detection.Metrics;

namespace DistillSharp.Detection.Reports;

/// <summary>Scores every variant on the reported pictures, once, and puts the report together.</summary>
/// <param name="recipe">The run.</param>
/// <param name="options">Who watches.</param>
/// <param name="data">The data.</param>
/// <param name="folder">The run's folder.</param>
internal sealed class DetectionReportBuilder(DetectionRecipe recipe, DetectionRunOptions options, DetectionDataset data, RunFolder folder)
{
    private const int RecallSteps = 101;

    /// <summary>The scoring's share of the measuring, where variants are profiled too.</summary>
    private const double ScoringShare = 0.5;

    /// <summary>Builds the report.</summary>
    /// <param name="repeats">Each repeat with the models it made, and its teachers.</param>
    /// <param name="difference">In what the distilled run differs from the control's.</param>
    /// <param name="warnings">What must be known before the figures are believed.</param>
    /// <param name="cancellation">Stops the scoring.</param>
    public DetectionRunReport Build(IReadOnlyList<FinishedRepeat> repeats, IReadOnlyList<string> difference, IReadOnlyList<string> warnings, CancellationToken cancellation)
    {
        var scores = new Dictionary<string, List<DetectorScore>>(StringComparer.Ordinal);
        var skipped = new SortedSet<string>(StringComparer.Ordinal);
        IReadOnlyList<PictureCase> pictures = [];
        ImageInterval? images = null;
        double all = repeats.Sum(repeat => repeat.Stages.Count), end = recipe.Evaluation.Profile ? ScoringShare : 1, done = 0;
        foreach (var repeat in repeats)
        {
            var found = new FoundBoxes(repeat == repeats[0], repeats.Count == 1 ? repeat.Split.Reported : null, data.ClassNames.Count);
            foreach (var stage in repeat.Stages)
            {
                var progress = options.Stages?.Work($"scoring {stage.Name}, {repeat.Split.Label}", repeat.Split.Reported.Count, end * done++ / all, end * done / all);
                var evaluation = Score(stage, repeat, found.Of(stage.Name), progress, cancellation);
                skipped.UnionWith(evaluation.BadPictures);
                skipped.UnionWith(stage.Training?.BadSamples ?? []);
                scores.TryAdd(stage.Name, []);
                scores[stage.Name].Add(Describe(repeat.Split, evaluation.Score, stage));
                if (repeat == repeats[0])
                {
                    DetectionPlots.Save(evaluation.Score, label => data.ClassNames[label], Path.Combine(folder.Location, "curves", stage.Name));
                }
            }

            pictures = repeat == repeats[0] ? PictureCases.Draw(found, repeat.Split.Reported, data.ClassNames, folder) : pictures;
            images = found.Difference("control", "distilled");
        }

        var profiles = recipe.Evaluation.Profile
            ? new VariantProfiler(options.ProbeCommand, recipe.Threads, options.Log).Measure(repeats[0].Stages.Where(IsOnnx), options.Stages?.Work("profiling", begin: ScoringShare), cancellation)
            : new Dictionary<string, ModelProfile>();
        var variants = repeats[0].Stages.Select(stage => Describe(stage, profiles.GetValueOrDefault(stage.Name), scores[stage.Name])).ToList();
        var split = repeats[0].Split;
        return new()
        {
            Name = recipe.Name,
            Command = options.Command,
            Data = data.Name,
            Split = string.Create(
                CultureInfo.InvariantCulture,
                $"{split.Train.Count:N0} pictures teach, {(split.Choosing is { } choosing ? $"{choosing.Count:N0} choose the epoch" : "none choose: the last epoch is taken")}, {split.Reported.Count:N0} are reported{(split.Choosing is null ? "; teacher and control were looked at on them before, to tell a weak teacher" : ", scored once")}"),
            ClassNames = data.ClassNames,
            Repeats = [.. repeats.Select(repeat => repeat.Split.Label)],
            Machine = MachineReport.Read(),
            Variants = variants,
            Gain = DetectionGain.Of(variants, images),
            ControlDifference = difference,
            Warnings = warnings,
            SkippedPictures = [.. skipped],
            Pictures = pictures,
            Recipe = recipe.ToYaml(),
        };
    }

    private DetectionEvaluation Score(StageResult stage, FinishedRepeat repeat, DetectionObserver observer, IProgress<int>? progress, CancellationToken cancellation)
    {
        var (pictures, classes) = (repeat.Split.Reported, data.ClassNames.Count);
        if (repeat.Teachers.FirstOrDefault(teacher => teacher.Stage == stage) is { } teacher)
        {
            return teacher.File.Score(pictures, CheckedDetector.Loading(recipe), observer, progress, cancellation);
        }

        using var session = ModelSession.Open(stage.Path, new() { Threads = recipe.Threads });
        return DetectionEvaluator.Evaluate(session, pictures, classes, CheckedDetector.Loading(recipe), new() { Observer = observer }, progress, cancellation);
    }

    private static DetectorScore Describe(DetectionSplit split, DetectionScore score, StageResult stage)
    {
        var curve = stage.Training?.Curve ?? [];
        return new()
        {
            Repeat = split.Label,
            Images = score.Images,
            TrainImages = split.Train.Count,
            Instances = score.Instances,
            Map = score.Map,
            Map50 = score.Map50,
            Map75 = score.Map75,
            Precision = score.Precision,
            Recall = score.Recall,
            Classes = [.. score.Classes.Select(one => new ClassAp(one.ClassIndex, one.Instances, one.Ap50, one.Ap))],
            PrecisionOverRecall = [.. Enumerable.Range(0, RecallSteps).Select(i => PrecisionAt(score.Curves.PrecisionOverRecall, i / (RecallSteps - 1.0)))],
            BestEpoch = stage.Training?.BestEpochNumber ?? 0,
            Steps = curve.Count > 0 ? curve[^1].Step : 0,
            TrainSeconds = curve.Sum(epoch => epoch.TrainSeconds),
            Curve = curve,
        };
    }

    private static double PrecisionAt(IReadOnlyList<double[]> curves, double recall) =>
        curves.Count == 0 ? 0 : curves.Average(curve => curve[(int)Math.Round(recall * (curve.Length - 1))]);

    private static bool IsOnnx(StageResult stage) => stage.Path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    private DetectorVariant Describe(StageResult stage, ModelProfile? profile, IReadOnlyList<DetectorScore> scores)
    {
        var statistics = ModelStatistics.Of(IsOnnx(stage) ? OnnxFile.Load(stage.FloatPath ?? stage.Path) : OnnxFile.Load(TrainableDetector.File(stage.Path)));
        string relative = Path.GetRelativePath(folder.Location, Path.GetFullPath(stage.Path));
        return new()
        {
            Name = stage.Name,
            Model = stage.ModelName,
            Parameters = statistics.Parameters,
            Macs = statistics.Macs,
            FileLength = new FileInfo(stage.Path).Length,
            File = relative.StartsWith("..", StringComparison.Ordinal) ? Path.GetFileName(stage.Path) : relative,
            Profile = profile,
            Scores = scores,
        };
    }
}

/// <summary>A repeat that is done.</summary>
/// <param name="Split">Its pictures.</param>
/// <param name="Stages">The models it made.</param>
/// <param name="Teachers">Its teachers.</param>
internal sealed record FinishedRepeat(DetectionSplit Split, IReadOnlyList<StageResult> Stages, IReadOnlyList<CheckedDetector> Teachers);
