using DistillSharp.Detection.Losses;
using DistillSharp.Detection.Training;
using DistillSharp.Execution;
using DistillSharp.Native;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using static TorchSharp.torch;

namespace DistillSharp.Detection.Distillation;

/// <summary>Computes every term of one small batch before anything is trained or written: what would fail after hours of teacher and control fails here.</summary>
internal static class Rehearsal
{
    private const int Pictures = 2;

    /// <summary>Rehearses a run.</summary>
    /// <param name="recipe">The run.</param>
    /// <param name="data">The data.</param>
    /// <param name="model">The student.</param>
    /// <param name="files">The teachers, those of the zoo with fresh weights.</param>
    /// <param name="plan">The losses.</param>
    /// <exception cref="DataException">A term cannot be computed; the message says why.</exception>
    public static void Run(DetectionRecipe recipe, DetectionDataset data, TrainableDetector model, IReadOnlyList<TeacherFile> files, DetectionLossPlan plan)
    {
        try
        {
            using var teacher = DetectorRepeat.Merged(files, plan.Question);
            var objective = new DetectionObjective(new DetectionLoss(new() { Classes = data.ClassNames.Count }), recipe.Distillation.Hard, teacher, plan.Terms, new()) { KnownClasses = DetectorRepeat.KnownClasses(files) };
            using var executor = new GraphExecutor(model.Graph, new() { Device = recipe.Device, Wanted = [.. DetectionTask.Maps, .. objective.StudentTaps.Except(DetectionTask.Maps)] });
            var loader = new DetectionLoader(data.Train, new() { ImageSize = recipe.Training.ImageSize, BatchSize = Pictures, Workers = 0, CacheBytes = 0, SkipBad = recipe.SkipBad });
            var batch = new DetectionTrainingBatch(loader.Epoch(0).First(), objective, model.InputOf(recipe.Training.ImageSize), null);
            objective.Prepare(executor, batch, new() { Shapes = new(), Device = recipe.Device });
            using var guard = no_grad();
            using var pixels = batch.Input(executor, step: 0);
            using var outputs = executor.Evaluate(pixels);
            foreach (var (_, value) in batch.Terms(outputs, executor, default))
            {
                value.Dispose();
            }
        }
        catch (ArgumentException error)
        {
            throw new DataException($"The losses cannot be computed with these models. {error.Message.Split(" (Parameter", 2)[0]}", error);
        }
        finally
        {
            foreach (var file in files)
            {
                file.Release();
            }

            FreeMemory.GiveBack();
        }
    }
}
