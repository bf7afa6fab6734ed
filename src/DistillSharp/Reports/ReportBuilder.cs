using System.Globalization;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Format;
using DistillSharp.Recipes;
using DistillSharp.Runs;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Profiling;
using DistillSharp.Tasks.Classification;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Reports;

/// <summary>Scores every variant on the test set, once, and puts the report together.</summary>
internal sealed class ReportBuilder(Recipe recipe, DistillerOptions options, ImageDataset data, RunFolder folder)
{
    /// <summary>The scoring's share of the measuring, where variants are profiled too.</summary>
    private const double ScoringShare = 0.5;

    public RunReport Build(IReadOnlyList<(long Seed, IReadOnlyList<StageResult> Stages)> runs, SeedSamples samples, CancellationToken cancellation)
    {
        var seeds = new Dictionary<string, List<SeedReport>>(StringComparer.Ordinal);
        var skipped = new HashSet<string>(StringComparer.Ordinal);
        SoftLabelReport? softLabels = null;
        double all = runs.Sum(run => run.Stages.Count), end = recipe.Evaluation.Profile ? ScoringShare : 1, done = 0;
        foreach (var (seed, stages) in runs)
        {
            int[] teacherPredictions = [];
            foreach (var stage in stages)
            {
                var progress = options.Stages?.Work($"scoring {stage.Name}, {StagePlan.Seed(seed)}", data.Test.Count, end * done++ / all, end * done / all);
                var answers = Evaluate(stage, teacherPredictions, progress, cancellation);
                skipped.UnionWith(answers.BadSamples);
                skipped.UnionWith(stage.Training?.BadSamples ?? []);
                if (stage.Name == "teacher")
                {
                    teacherPredictions = answers.Predictions;
                    double temperature = recipe.Distillation.Losses.Select(choice => options.Plugins.Losses.Create(choice).Temperature).Max();
                    softLabels ??= new(temperature, SoftLabels.MeanByClass(answers.Logits, answers.Labels, answers.ClassCount, temperature));
                }

                var curve = stage.Training?.Curve ?? [];
                seeds.TryAdd(stage.Name, []);
                seeds[stage.Name].Add(new(seed, answers.Score, stage.Training?.BestEpochNumber ?? 0, (curve.Count > 0 ? curve[^1].Step : 0), curve.Sum(epoch => epoch.TrainSeconds), curve) { Right = RightAnswers.Pack(answers.Labels, answers.Predictions) });
            }
        }

        var profiles = recipe.Evaluation.Profile
            ? new VariantProfiler(options.ProbeCommand, recipe.Threads, options.Log).Measure(runs[0].Stages, options.Stages?.Work("profiling", begin: ScoringShare), cancellation)
            : new Dictionary<string, ModelProfile>();
        var variants = runs[0].Stages.Select(stage => Describe(stage, profiles.GetValueOrDefault(stage.Name), seeds[stage.Name])).ToList();
        return new()
        {
            Name = recipe.Name,
            Command = options.Command,
            Data = data.Name,
            Split = string.Create(
                CultureInfo.InvariantCulture,
                $"{samples.Describe(recipe.Teacher.Model is not null)}{(recipe.Data.Omit.Count > 0 ? $"; the student sees no {string.Join(", ", recipe.Data.Omit.Select(label => data.ClassNames[label]))}" : "")}; {data.Test.Count:N0} test images, scored once"),
            Labels = recipe.Teacher.Model is not null && recipe.Data.Labels is not null ? new(samples.Train.Count + samples.HeldOut.Count, samples.Labels, samples.Unlabeled) : null,
            ClassNames = data.ClassNames,
            Seeds = [.. runs.Select(run => run.Seed)],
            Machine = MachineReport.Read(),
            Variants = variants,
            Gain = GainReport.Of(variants),
            SoftLabels = softLabels,
            ControlDifference = recipe.IsDistilled(options.Plugins) ? Difference() : [],
            SkippedSamples = [.. skipped.Order(StringComparer.Ordinal)],
            Recipe = RecipeWriter.Write(recipe, options.Plugins),
        };
    }

    private Evaluation Evaluate(StageResult stage, int[] teacherPredictions, IProgress<int>? progress, CancellationToken cancellation)
    {
        using var session = ModelSession.Open(stage.Path, new() { Threads = recipe.Threads });
        var loader = new BatchLoaderOptions { Input = stage.Input ?? session.Card?.Input ?? data.Input, BatchSize = 256, Workers = recipe.Data.Workers, SkipBad = recipe.Data.SkipBad };
        return Evaluator.Evaluate(session, data.Test, loader, teacherPredictions, progress, cancellation: cancellation);
    }

    private VariantReport Describe(StageResult stage, ModelProfile? profile, IReadOnlyList<SeedReport> seeds)
    {
        var statistics = ModelStatistics.Of(OnnxFile.Load(stage.FloatPath ?? stage.Path));
        return new()
        {
            Name = stage.Name,
            Model = stage.ModelName,
            Parameters = statistics.Parameters,
            Macs = statistics.Macs,
            FileLength = new FileInfo(stage.Path).Length,
            File = Path.GetRelativePath(folder.Location, Path.GetFullPath(stage.Path)),
            Profile = profile,
            Seeds = seeds,
        };
    }

    /// <summary>The recipe with distillation against the recipe without: nothing else may differ.</summary>
    private List<string> Difference()
    {
        var lines = DistillationText.Of(recipe, options.Plugins).ToList();
        lines.AddRange(RecipeDifference.Of(recipe.Training, recipe.ResolvedControlTraining, options.Plugins)
            .Select(change => $"~ {change.Key}: {change.Left ?? "absent"}; in the control {change.Right ?? "absent"}"));
        return lines;
    }
}
