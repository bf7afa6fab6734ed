using System.Globalization;
using DistillSharp.Detection.Data;
using DistillSharp.Detection.Reports;
using DistillSharp.Detection.Training;
using DistillSharp.Execution;
using DistillSharp.Losses;
using DistillSharp.Native;
using DistillSharp.Recipes;
using DistillSharp.Reports;
using DistillSharp.Runs;
using DistillSharp.Taps;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using TorchSharp;

namespace DistillSharp.Detection.Distillation;

/// <summary>
/// The whole job for a detector: data, teachers checked first, control, distilled student, INT8, every variant scored by the same code on pictures that chose nothing, a report.
/// </summary>
/// <example>
/// <code>
/// var run = DetectorDistiller.Run(new() { Model = "yolo11n", Data = "my.yaml", Teacher = [new() { Model = "yolo11l.pt" }] });
/// Console.WriteLine(run.Report.Gain!.Verdict);
/// </code>
/// </example>
public static class DetectorDistiller
{
    /// <summary>Runs a recipe.</summary>
    /// <param name="recipe">What to do; it names a teacher.</param>
    /// <param name="options">Where to write and who watches; null for the defaults.</param>
    /// <param name="cancellation">Stops after the step that is running; the folder can be resumed.</param>
    /// <returns>The report, which is also in the folder.</returns>
    /// <exception cref="DllNotFoundException">A native library is missing or does not fit; the message names every package to add.</exception>
    /// <exception cref="DataException">The data is absent or broken, a teacher's classes do not map, or a loss cannot compare these models.</exception>
    /// <exception cref="DistillSharp.Graph.GraphException">A model's file is damaged or no detector.</exception>
    /// <exception cref="DistillSharp.Teachers.WeakTeacherException">A teacher scores below its floor.</exception>
    /// <exception cref="DistillSharp.Training.TrainingDivergedException">A loss became infinite or no number.</exception>
    /// <exception cref="IOException">The folder cannot be written to, holds a run already, or holds none to go on with.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public static DetectorDistillation Run(DetectionRecipe recipe, DetectionRunOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        options ??= new();
        recipe = DetectionPaths.InFull(recipe);
        Require(recipe);
        NativeLibraries.EnsureForRun();
        TrainingDevice.EnsureThere(recipe.Device);
        var data = DetectionSplit.Open(recipe, cancellation);
        var splits = DetectionSplit.All(recipe, data);
        torch.set_num_threads(recipe.Threads > 0 ? recipe.Threads : Environment.ProcessorCount);
        var unlabelled = recipe.Unlabelled is { } others ? new UnlabelledDetectionPictures(others.Folder, cancellation: cancellation) : null;
        RequireUnseen(splits, unlabelled);
        var (losses, notes) = Check(recipe, options, data);
        var folder = RunFolder.Open(options.Folder, Path.Combine("detect", recipe.Name), options.Resume);
        if (!options.Resume)
        {
            RunFolder.WriteWhole(folder.Recipe, recipe.ToYaml());
        }

        options.Log?.Report(string.Create(CultureInfo.InvariantCulture, $"{recipe.Name}: {data.Name}, {splits[0].Train.Count:N0} pictures teach{(unlabelled is null ? "" : $", {unlabelled.Count:N0} without labels")}, {splits[0].Reported.Count:N0} are reported; in {folder.Location}"));
        List<string> warnings = [.. Warnings(recipe, splits)];
        foreach (string note in notes.Concat(data.Remarks).Concat(unlabelled?.Remarks ?? []).Concat(warnings))
        {
            options.Log?.Report(note);
        }

        var stages = StagePlan.Of(recipe, [.. splits.Select(split => split.Label)], options.Observers);
        options = options with { Stages = stages };
        var all = new List<CheckedDetector>();
        DetectionRunReport report;
        try
        {
            var repeats = new List<FinishedRepeat>();
            foreach (var split in splits)
            {
                var repeat = new DetectorRepeat(recipe, options, data, folder, split);

                // A teacher that saw the pictures of another fold would know the answers.
                var teachers = recipe.Folds is null && repeats.Count > 0 ? repeats[0].Teachers : repeat.Teachers(shared: recipe.Folds is null && splits.Count > 1, cancellation);
                all.AddRange(teachers);
                repeats.Add(new(split, repeat.Run(teachers, unlabelled, cancellation), teachers));
                warnings.AddRange(repeat.Warnings);
            }

            stages.Begin(StagePlan.Measuring);
            options.Log?.Report("scoring every variant on the reported pictures");
            report = new DetectionReportBuilder(recipe, options, data, folder).Build(repeats, [.. Difference(recipe, options, losses)], warnings, cancellation);
        }
        finally
        {
            all.ForEach(teacher => teacher.File.Dispose());
        }

        RunFolder.WriteWhole(folder.JsonReport, report.ToJson());
        RunFolder.WriteWhole(folder.HtmlReport, DetectionHtml.Write(report));
        return new(report, folder);
    }

    /// <summary>Goes on with a run that was interrupted.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="options">Who watches; the folder is that given.</param>
    /// <param name="cancellation">Stops after the step that is running.</param>
    public static DetectorDistillation Resume(string folder, DetectionRunOptions? options = null, CancellationToken cancellation = default)
    {
        string path = Path.Combine(folder, "recipe.yaml");
        return File.Exists(path)
            ? Run(DetectionRecipe.Load(path), (options ?? new()) with { Folder = folder, Resume = true }, cancellation)
            : throw new IOException($"'{Path.GetFullPath(folder)}' holds no run to go on with: it has no recipe.yaml.");
    }

    private static void Require(DetectionRecipe recipe)
    {
        if (!recipe.IsDistilled)
        {
            throw new ArgumentException("The recipe names no teacher. Name one with 'teacher: FILE' or 'teacher: KEY', or train the model alone.", nameof(recipe));
        }

        if (recipe is { Folds: not null, Seeds: > 1 })
        {
            throw new ArgumentException("The recipe has 'folds' and 'seeds': each fold is a repeat with a seed of its own already. Leave one of them out.", nameof(recipe));
        }

        if (recipe.Unlabelled is not null && recipe.Distillation.Losses is { Count: > 0 } losses && losses.All(loss => loss.Options is DistillationLossOptions { Weight: 0 }))
        {
            throw new ArgumentException("The recipe has pictures without labels, but every distillation loss has weight 0: nothing would be learnt from them.", nameof(recipe));
        }

        foreach (var teacher in recipe.Teacher)
        {
            string? needless = teacher.Model.IsFile ? (teacher.Training is null ? null : "training")
                : teacher is { Names.Count: 0, Classes.Count: 0, AllowUnmapped: false, ImageSize: null, Mean: null, Std: null, Boxes: null, Scores: null, Labels: null } ? null : "names, classes, image-size, mean, std and outputs";
            if (needless is not null)
            {
                throw new ArgumentException(
                    teacher.Model.IsFile ? $"The teacher '{teacher.Model}' is a finished file, which is not trained: leave out its '{needless}'."
                    : $"The teacher '{teacher.Model}' is trained here, on the data's classes and the student's pictures: its {needless} are not to be said.",
                    nameof(recipe));
            }
        }
    }

    /// <summary>Refuses to learn, by whatever way, from pictures that are reported.</summary>
    private static void RequireUnseen(IReadOnlyList<DetectionSplit> splits, UnlabelledDetectionPictures? unlabelled)
    {
        int seen = unlabelled is null ? 0 : splits.Select(split => split.Reported).Distinct().Sum(reported => DetectionSplit.Shared(reported, unlabelled));
        if (seen > 0)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"{seen:N0} of the pictures without labels are among those that are reported: the student would learn what it is examined on. Take them out of the folder."));
        }
    }

    /// <summary>Holds the losses against student and teachers before anything is trained or written.</summary>
    private static (IReadOnlyList<Plugins.PluginChoice<DistillationLoss>> Losses, IReadOnlyList<string> Notes) Check(DetectionRecipe recipe, DetectionRunOptions options, DetectionDataset data)
    {
        int side = recipe.Training.ImageSize;
        var model = TrainableDetector.Open(recipe.Model, data.ClassNames, recipe.Seed, options.Plugins);
        var student = new TapModel("student", model.Graph, new ImageInput(3, side, side, [0, 0, 0], [1, 1, 1]), recipe.Training.Batch);
        var files = recipe.Teacher.Select(settings => settings.Model.IsFile
            ? TeacherFile.Open(settings, settings.Model.Name, data, recipe)
            : TeacherFile.Untrained(settings, TrainableDetector.Open(settings.Model, data.ClassNames, recipe.Seed, options.Plugins).Graph, data, recipe)).ToList();
        foreach (var (file, settings) in files.Zip(recipe.Teacher).Where(pair => pair.Second.Model.IsFile))
        {
            // Opened once, so that a file without boxes is refused here.
            using (file)
            {
                _ = file.Detector;
            }
        }

        var losses = DetectionLossPlan.LossesOf(recipe.Distillation, files[0], files.Count > 1);
        using var plan = DetectionLossPlan.Of(losses, options.Plugins, student, files[0]);
        if (files.Count > 1 && !plan.Question.Boxes)
        {
            throw new DataException("There are several teachers, whose boxes are merged, but no loss reads boxes. Add the loss 'boxes', or name one teacher.");
        }

        Rehearsal.Run(recipe, data, model, files, plan);
        string? otherwise = files[0].Head is null && recipe.Distillation.Losses.Count == 0 ? $"the teacher {files[0].Otherwise}: it teaches by its boxes" : null;
        return (losses, [.. model.Notes, .. plan.Notes, .. otherwise is null ? Array.Empty<string>() : [otherwise]]);
    }

    private static IEnumerable<string> Warnings(DetectionRecipe recipe, IReadOnlyList<DetectionSplit> splits)
    {
        if (recipe.Folds is not null && (recipe.Model.IsFile || recipe.Teacher.Any(teacher => teacher.Model.IsFile)))
        {
            yield return "a finished file may have been trained on the pictures that a fold holds out: then the folds tell what it remembers";
        }

        foreach (string warning in recipe.Teacher.Select(teacher => teacher.Training is { } training ? DetectionPlan.Warning(training, "teacher.training") : null).Prepend(DetectionPlan.Warning(recipe.Training)).OfType<string>())
        {
            yield return warning;
        }

        int shared = DetectionSplit.Shared(splits[0].Train, splits[0].Reported);
        if (shared > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{shared:N0} of the {splits[0].Reported.Count:N0} pictures that are reported also teach: the scores say what was memorised, not what was learned. Cut the set into folds (folds: 4), or name other validation pictures");
        }
    }

    /// <summary>Everything that the distilled run has and its control has not, a line each.</summary>
    private static IEnumerable<string> Difference(DetectionRecipe recipe, DetectionRunOptions options, IReadOnlyList<Plugins.PluginChoice<DistillationLoss>> losses)
    {
        foreach (string loss in DistillationText.Losses(losses, options.Plugins))
        {
            yield return $"+ {loss}";
        }

        if (recipe.Unlabelled is { } unlabelled)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"+ {unlabelled.Ratio:0.##} pictures without labels for each labelled one");
        }

        if (recipe.Distillation.Balance is not null)
        {
            yield return "+ weights that follow the gradients";
        }

        if (recipe.Distillation.Hard != 1)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"~ the detector's own loss with weight {recipe.Distillation.Hard:0.####} instead of 1");
        }
    }
}

/// <summary>What a detector's distillation made.</summary>
/// <param name="Report">The report.</param>
/// <param name="Folder">The folder that holds models, curves and pages.</param>
public sealed record DetectorDistillation(DetectionRunReport Report, RunFolder Folder)
{
    /// <summary>The full path of the model to ship: the first repeat's student, in INT8 if the recipe asked for it.</summary>
    public string StudentPath => Path.GetFullPath((Report.Find("int8") ?? Report.Find("distilled")!).File, Folder.Location);
}
