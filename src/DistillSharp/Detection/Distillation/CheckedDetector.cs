using System.Globalization;
using DistillSharp.Runs;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Detection;
using DistillSharp.Tasks.Detection.Data;
using DistillSharp.Teachers;

namespace DistillSharp.Detection.Distillation;

/// <summary>A teacher that was scored before anything is distilled from it.</summary>
/// <param name="Stage">Its file, and how it was trained.</param>
/// <param name="File">The file, held against the data.</param>
/// <param name="Map">Its mAP50-95 on the pictures it was scored on.</param>
internal sealed record CheckedDetector(StageResult Stage, TeacherFile File, double Map)
{
    /// <summary>Scores a teacher, and refuses one that finds nothing: a mis-loaded one teaches happily and harms.</summary>
    /// <exception cref="WeakTeacherException">It scores below its floor.</exception>
    public static CheckedDetector Check(
        StageResult stage, TeacherFile file, DetectionTeacherSettings settings, DetectionRecipe recipe, IDetectionSource pictures, DetectionRunOptions options, CancellationToken cancellation)
    {
        foreach (string note in file.Notes)
        {
            options.Log?.Report($"{stage.Name}: {note}");
        }

        var evaluation = file.Score(pictures, Loading(recipe), null, options.Stages?.Work($"checking the {stage.Name}", pictures.Count), cancellation);
        string answers = file.Detector.Told;
        file.Release();
        double map = evaluation.Score.Map;
        options.Log?.Report(string.Create(CultureInfo.InvariantCulture, $"the {stage.Name} ({stage.ModelName}) scores mAP50-95 {map:0.000}, mAP50 {evaluation.Score.Map50:0.000} on {evaluation.Score.Images:N0} pictures (Ultralytics' mAP); it answers {answers}"));
        if (map < settings.Floor && !settings.AllowWeak)
        {
            throw new WeakTeacherException(string.Create(
                CultureInfo.InvariantCulture,
                $"The {stage.Name} '{stage.ModelName}' scores mAP50-95 {map:0.0000} on {evaluation.Score.Images:N0} pictures, below the floor of {settings.Floor:0.####} (teacher.floor). Are its classes' names and order, its picture size and its normalisation right? It answers {answers}."));
        }

        return new(stage, file, map);
    }

    /// <summary>What is said of a teacher that is no better than its pupil alone: it teaches the wrong things.</summary>
    /// <param name="alone">The mAP50-95 of the student trained alone, on the same pictures.</param>
    /// <param name="repeat">The repeat.</param>
    /// <returns>A sentence; null if it is better.</returns>
    public string? WeakerThan(double alone, string repeat) => Map >= alone ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"the {Stage.Name} is weaker than the student alone: mAP50-95 {Map:0.000} against {alone:0.000} for the control ({repeat}). Distillation will hardly help; train the teacher longer, or take a better one");

    /// <summary>The mAP50-95 of a detector that was trained here.</summary>
    public static double Score(string path, DetectionRecipe recipe, DetectionDataset data, IDetectionSource pictures, DetectionRunOptions options, CancellationToken cancellation)
    {
        using var session = ModelSession.Open(path, new() { Threads = recipe.Threads });
        return DetectionEvaluator.Evaluate(session, pictures, data.ClassNames.Count, Loading(recipe), progress: options.Stages?.Work("checking the control", pictures.Count), cancellation: cancellation).Score.Map;
    }

    /// <summary>How pictures that score are loaded.</summary>
    public static DetectionLoaderOptions Loading(DetectionRecipe recipe) =>
        new() { ImageSize = recipe.Training.ImageSize, BatchSize = recipe.Training.Batch, Workers = recipe.Workers, SkipBad = recipe.SkipBad, CacheBytes = 0 };
}
