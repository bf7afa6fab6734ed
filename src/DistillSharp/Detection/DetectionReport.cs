using DistillSharp.Detection.Training;
using DistillSharp.Runs;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Training;

namespace DistillSharp.Detection;

/// <summary>What is left in a run's folder beside weights and <c>results.csv</c>: the best epoch's file scored by class, curves and pictures.</summary>
internal static class DetectionReport
{
    public static DetectionEvaluation Write(RunFolder folder, DetectionRecipe recipe, DetectionDataset data, TrainingResult result, IProgress<string>? log, CancellationToken cancellation)
    {
        RunFolder.WriteWhole(Path.Combine(folder.Location, "results.svg"), TrainingCurves.Draw(result.Curve));
        log?.Report($"scoring epoch {result.BestEpochNumber}, the best one");
        using var session = ModelSession.Open(result.Model, new() { Threads = recipe.Threads, KeepMemory = false });
        var loading = new DetectionLoaderOptions { ImageSize = recipe.Training.ImageSize, BatchSize = recipe.Training.Batch, Workers = recipe.Workers, SkipBad = recipe.SkipBad, CacheBytes = 0 };
        return DetectionEvaluator.Evaluate(session, data.Validation, data.ClassNames.Count, loading, cancellation: cancellation);
    }
}
