using System.Globalization;
using DistillSharp.Execution;
using DistillSharp.Native;
using DistillSharp.Recipes;
using DistillSharp.Reports;
using DistillSharp.Runs;
using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;
using TorchSharp;

namespace DistillSharp;

/// <summary>
/// The whole job: data, teacher checked first, control, distilled student, every variant scored by the same code, a report.
/// </summary>
/// <example>
/// <code>
/// var recipe = new Recipe { Data = new() { Set = new("glyphs") }, Teacher = new() { Model = new("resnet8") }, Student = new() { Model = new("mlp") } };
/// var run = Distiller.Run(recipe);
/// Console.WriteLine(run.Report.Gain!.Verdict);
/// </code>
/// </example>
public static class Distiller
{
    /// <summary>Runs a recipe.</summary>
    /// <param name="recipe">What to do.</param>
    /// <param name="options">Where to write and who watches; null for the defaults.</param>
    /// <param name="cancellation">Stops after the step that is running; the folder can be resumed.</param>
    /// <returns>The report, which is also in the folder.</returns>
    /// <exception cref="DataException">The data is absent or broken, or does not fit the models.</exception>
    /// <exception cref="DllNotFoundException">A native library is missing or does not fit; the message names every package to add.</exception>
    /// <exception cref="InvalidOperationException">The device is not there.</exception>
    /// <exception cref="Teachers.WeakTeacherException">The teacher scores at chance or below its floor.</exception>
    /// <exception cref="Training.TrainingDivergedException">A loss became infinite or no number.</exception>
    /// <exception cref="IOException">The folder cannot be written to, holds a run already, or holds none to go on with.</exception>
    /// <exception cref="ArgumentException">The run to go on with was started with another recipe.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public static DistillerResult Run(Recipe recipe, DistillerOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        options ??= new();
        options = options with { Plugins = options.Plugins.WithFiles(recipe.Plugins) };
        recipe = RecipePaths.InFull(recipe);
        var (data, notes) = Check(recipe, options, cancellation);
        var folder = RunFolder.Open(options.Folder, recipe.Name, options.Resume);
        if (!options.Resume)
        {
            RunFolder.WriteWhole(folder.Recipe, RecipeWriter.Write(recipe, options.Plugins));
        }
        else
        {
            CheckSameRecipe(recipe, options, folder);
        }

        options.Log?.Report($"{recipe.Name}: {data.Name}, in {folder.Location}");
        foreach (string note in notes)
        {
            options.Log?.Report(note);
        }

        options = options with { Stages = options.Stages ?? StagePlan.Of(recipe, options.Plugins, options.Observers) };
        var runs = new List<(long, IReadOnlyList<StageResult>)>();
        SeedSamples? samples = null;
        for (int i = 0; i < recipe.Seeds; i++)
        {
            long seed = recipe.Seed + i;
            var run = new SeedRun(new(recipe, options, data, folder, seed));
            samples = run.Samples;
            options.Log?.Report(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {samples.Describe(recipe.Teacher.Model is not null)}"));
            runs.Add((seed, run.Run(cancellation)));
        }

        options.Stages.Begin(StagePlan.Measuring);
        options.Log?.Report("scoring every variant on the test set");
        var report = new ReportBuilder(recipe, options, data, folder).Build(runs, samples!, cancellation);
        RunFolder.WriteWhole(folder.JsonReport, report.ToJson());
        RunFolder.WriteWhole(folder.HtmlReport, HtmlReport.Write(report));
        ImageFile.SavePng(data.Test.Read(0).Image, folder.Example);
        return new(report, folder);
    }

    /// <summary>Opens the data and holds the recipe against it and the models; nothing is trained or written.</summary>
    /// <param name="recipe">The recipe, its paths in full.</param>
    /// <param name="options">The options, the recipe's plug-ins among them.</param>
    /// <param name="cancellation">Stops a download.</param>
    /// <returns>The data, and what there is to remark.</returns>
    internal static (ImageDataset Data, IReadOnlyList<string> Notes) Check(Recipe recipe, DistillerOptions options, CancellationToken cancellation)
    {
        NativeLibraries.EnsureForRun();
        TrainingDevice.EnsureThere(recipe.Device);
        var data = options.Dataset ?? options.Plugins.Datasets.Create(recipe.Data.Set)
            .Open(new() { Root = recipe.Data.Root, MayDownload = recipe.Data.Download, Progress = options.Downloads }, cancellation);
        CheckClasses(recipe, data);

        // Refuses a division that the data does not allow while no folder is made.
        _ = SeedSamples.Divide(recipe.Data, data, recipe.Seed);
        torch.set_num_threads(recipe.Threads > 0 ? recipe.Threads : Environment.ProcessorCount);
        return (data, [.. ModelFactory.Check(recipe, options, data), .. DistillationCheck.Run(recipe, options, data), .. NativeTorch.Remarks]);
    }

    private static void CheckSameRecipe(Recipe recipe, DistillerOptions options, RunFolder folder)
    {
        string[] Lines(Recipe one) => RecipeWriter.Write(one, options.Plugins).Split('\n');
        string[] started = Lines(RecipeReader.Load(folder.Recipe, plugins: options.Plugins)), given = Lines(recipe);
        int line = started.Zip(given).TakeWhile(pair => pair.First == pair.Second).Count();
        if (line < Math.Max(started.Length, given.Length))
        {
            string Line(string[] lines) => lines.ElementAtOrDefault(line)?.Trim() ?? "nothing more";
            throw new ArgumentException($"'{folder.Location}' was started with another recipe: it says '{Line(started)}' where this one says '{Line(given)}'. Go on with the recipe.yaml in the folder, or start a new run.", nameof(recipe));
        }
    }

    private static void CheckClasses(Recipe recipe, ImageDataset data)
    {
        int classes = data.ClassNames.Count;
        if (recipe.Data.Omit.FirstOrDefault(label => label >= classes, -1) is var wrong and >= 0)
        {
            throw new DataException($"data.omit names class {wrong}, but {data.Name} has {classes} classes, 0 to {classes - 1}.");
        }

        if (recipe.Data.Omit.Distinct().Count() > classes - 2)
        {
            throw new DataException($"data.omit leaves fewer than 2 of {classes} classes to learn.");
        }
    }
}

/// <summary>What a run made.</summary>
/// <param name="Report">The report.</param>
/// <param name="Folder">The folder that holds models, curves and pages.</param>
public sealed record DistillerResult(RunReport Report, RunFolder Folder)
{
    /// <summary>The full path of the model to ship: the first seed's student, with tuned biases and in INT8 if the recipe asked for them.</summary>
    public string StudentPath => Path.GetFullPath((Report.Find("int8") ?? Report.Find("tuned") ?? Report.Find("distilled") ?? Report.Variants[^1]).File, Folder.Location);
}
