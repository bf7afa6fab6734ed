using System.Globalization;
using DistillSharp.Detection.Distillation;
using DistillSharp.Detection.Training;
using DistillSharp.Execution;
using DistillSharp.Native;
using DistillSharp.Observers;
using DistillSharp.Plugins;
using DistillSharp.Recipes;
using DistillSharp.Runs;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Detection;
using DistillSharp.Training;
using TorchSharp;

namespace DistillSharp.Detection;

/// <summary>Trains a detector: data and model checked first, then the training loop, then the best epoch's file scored and pictured.</summary>
public static class DetectionTraining
{
    /// <summary>Runs a recipe.</summary>
    /// <param name="recipe">What to train, on what, how.</param>
    /// <param name="options">Where to write and who watches; null for the defaults.</param>
    /// <param name="cancellation">Stops after the step that is running; the folder can be resumed.</param>
    /// <returns>What it came to.</returns>
    /// <exception cref="DllNotFoundException">A native library is missing or does not fit; the message names every package to add.</exception>
    /// <exception cref="DataException">The data is absent or broken, or does not fit the model.</exception>
    /// <exception cref="Graph.GraphException">The model's file is damaged or no detector.</exception>
    /// <exception cref="IOException">The folder cannot be written to, holds a run already, or holds none to go on with.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public static DetectionRun Run(DetectionRecipe recipe, DetectionRunOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        options ??= new();
        RequireAlone(recipe);
        recipe = DetectionPaths.InFull(recipe);
        NativeLibraries.EnsureForRun();
        TrainingDevice.EnsureThere(recipe.Device);
        var data = DetectionSplit.Open(recipe, cancellation);
        data = data with { Train = DetectionSplit.Share(data.Train, recipe) };
        var model = TrainableDetector.Open(recipe.Model, data.ClassNames, recipe.Seed, options.Plugins);
        var folder = RunFolder.Open(options.Folder, Path.Combine("detect", recipe.Name), options.Resume);
        if (!options.Resume)
        {
            RunFolder.WriteWhole(folder.Recipe, recipe.ToYaml());
        }

        options.Log?.Report(string.Create(CultureInfo.InvariantCulture, $"{model.Name}: {model.Graph.Initializers.Where(weight => weight.Trainable).Sum(weight => weight.Data.Count):N0} parameters; {data.Name}: {data.Train.Count:N0} pictures teach, {data.Validation.Count:N0} score; in {folder.Location}"));
        foreach (string note in NativeTorch.Remarks.Concat(model.Notes).Concat(data.Remarks).Concat(DetectionSplit.Overlap(data)))
        {
            options.Log?.Report(note);
        }

        if (DetectionPlan.Warning(recipe.Training) is { } warning)
        {
            options.Log?.Report($"warning: {warning}");
        }

        torch.set_num_threads(recipe.Threads > 0 ? recipe.Threads : Environment.ProcessorCount);
        var stages = StagePlan.Of(recipe, [], options.Observers);
        stages.Begin(recipe.Name);
        var stage = new DetectorStage
        {
            Name = recipe.Name,
            Recipe = recipe,
            Folder = folder.Location,
            Resume = options.Resume,
            Data = data,
            Model = model,
            Training = recipe.Training,
            Seed = recipe.Seed,
        };
        var result = stage.Train(options, cancellation);
        stages.Begin(StagePlan.Measuring);
        var evaluation = DetectionReport.Write(folder, recipe, data, result, options.Log, stages.Work("scoring", data.Validation.Count), cancellation);
        return new(folder.Location, result, evaluation.Score, evaluation.Speed, data.ClassNames);
    }

    /// <summary>Whether a name or file means a detector: a key of the zoo, a checkpoint, or an ONNX file whose card says so.</summary>
    /// <param name="model">A key, or a file.</param>
    /// <param name="plugins">The models there are; null for what is built in.</param>
    public static bool IsDetector(string model, PluginCatalogs? plugins = null) => TrainableDetector.Means(model, plugins ?? PluginCatalogs.BuiltIn);

    /// <summary>Goes on with a run that was interrupted.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="options">Who watches; the folder is that given.</param>
    /// <param name="cancellation">Stops after the step that is running.</param>
    /// <returns>What it came to.</returns>
    public static DetectionRun Resume(string folder, DetectionRunOptions? options = null, CancellationToken cancellation = default)
    {
        string path = Path.Combine(folder, "recipe.yaml");
        return File.Exists(path)
            ? Run(DetectionRecipe.Load(path), (options ?? new()) with { Folder = folder, Resume = true }, cancellation)
            : throw new IOException($"'{Path.GetFullPath(folder)}' holds no run to go on with: it has no recipe.yaml.");
    }

    private static void RequireAlone(DetectionRecipe recipe)
    {
        if (recipe.IsDistilled)
        {
            throw new ArgumentException("The recipe has a teacher: run it with DetectorDistiller, which trains teacher, control and student.", nameof(recipe));
        }

        string? needless = recipe.Unlabelled is not null ? "unlabelled" : recipe.Folds is not null ? "folds" : recipe.Seeds > 1 ? "seeds" : recipe.Distillation is not { Losses.Count: 0, Hard: 1, Cells: CellChoice.Both, Confidence: 0.25, Balance: null } ? "distillation"
            : recipe.Quantization is not null ? "quantization" : !recipe.Control ? "control" : null;
        if (needless is not null)
        {
            throw new ArgumentException($"The recipe says '{needless}', which is for a detector with a teacher, but names none. Name one with 'teacher: FILE' or 'teacher: KEY', or leave it out.", nameof(recipe));
        }
    }
}
