using System.Globalization;
using DistillSharp.Detection.Training;
using DistillSharp.Runs;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Tasks.Detection.Drawing;
using DistillSharp.Tasks.Images;
using DistillSharp.Training;

namespace DistillSharp.Detection;

/// <summary>What is left in a run's folder beside weights and <c>results.csv</c>: the best epoch's file scored by class, curves and pictures.</summary>
internal static class DetectionReport
{
    private const int TrainingSheets = 3;

    /// <summary>Scores the best epoch's file and writes what there is to look at.</summary>
    public static DetectionEvaluation Write(RunFolder folder, DetectionRecipe recipe, DetectionDataset data, TrainingResult result, IProgress<string>? log, IProgress<int>? progress, CancellationToken cancellation)
    {
        RunFolder.WriteWhole(Path.Combine(folder.Location, "results.svg"), TrainingCurves.Draw(result.Curve));
        log?.Report($"scoring epoch {result.BestEpochNumber}, the best one");
        using var session = ModelSession.Open(result.Model, new() { Threads = recipe.Threads, KeepMemory = false });
        var loading = new DetectionLoaderOptions { ImageSize = recipe.Training.ImageSize, BatchSize = recipe.Training.Batch, Workers = recipe.Workers, SkipBad = recipe.SkipBad, CacheBytes = 0 };
        var sheets = new BatchSheets(folder.Location, label => data.ClassNames[label]);
        var evaluation = DetectionEvaluator.Evaluate(session, data.Validation, data.ClassNames.Count, loading, new() { Observer = sheets }, progress, cancellation);
        DetectionPlots.Save(evaluation.Score, sheets.NameOf, folder.Location);
        RunFolder.WriteWhole(Path.Combine(folder.Location, "score.json"), DetectionScoreJson.Of(data.Name, evaluation, data.ClassNames));
        return evaluation;
    }

    /// <summary>Draws the first batches that a model is taught with: a look at them finds most mistakes in data and augmentation.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="setup">What is trained.</param>
    /// <param name="cancellation">Stops the loading.</param>
    public static void DrawTraining(string folder, DetectionSetup setup, CancellationToken cancellation)
    {
        var loader = new DetectionLoader(setup.Dataset.Train, DetectionTask.Loading(setup) with { CacheBytes = 0 });
        int number = 0;
        foreach (var batch in loader.Epoch(0, 0, cancellation).Take(TrainingSheets))
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"train_batch{number++}.png");
            ImageFile.SavePng(ContactSheet.OfTruths(batch, label => setup.Dataset.ClassNames[label]), Path.Combine(folder, name));
        }
    }
}
