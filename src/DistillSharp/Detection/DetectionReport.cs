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
        log?.Report($"scoring epoch {result.BestEpochNumber}, the best one");
        using var session = ModelSession.Open(result.Model, new() { Threads = recipe.Threads });
        var loader = new DetectionLoader(data.Validation, new() { ImageSize = recipe.Training.ImageSize, BatchSize = 2 * recipe.Training.Batch, Workers = recipe.Workers, Rectangular = true, SkipBad = recipe.SkipBad, CacheBytes = 0 });
        return DetectionEvaluator.Evaluate(session, data.Validation, data.ClassNames.Count, loader.Epoch(0, 0, cancellation), cancellation: cancellation);
    }
}
