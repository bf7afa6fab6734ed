using System.CommandLine;
using System.Globalization;
using DistillSharp.Cli.Views;
using DistillSharp.Detection;
using DistillSharp.Detection.Distillation;
using DistillSharp.Plugins;

namespace DistillSharp.Cli.Commands;

/// <summary>What <c>distill train</c> does with a detector.</summary>
internal static class DetectorTraining
{
    /// <summary>Whether a model is a detector.</summary>
    /// <param name="model">A key of the zoo, or a file.</param>
    public static bool Means(string model) => DetectionTraining.IsDetector(model, PluginCatalogs.BuiltIn);

    /// <summary>Refuses what a detector's training does not heed.</summary>
    public static void Refuse(ParseResult parsed, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                throw new ArgumentException($"{option.Name} is for classifiers.");
            }
        }
    }

    /// <summary>Trains, with progress on the screen, and shows the best epoch's table.</summary>
    /// <param name="settings">What the options say, by key of the recipe; null where nothing is said.</param>
    /// <param name="changes">Further settings, as they were typed.</param>
    /// <param name="root">The folder looked in first for the data.</param>
    /// <param name="folder">The run's folder, or null.</param>
    /// <param name="cancellation">Stops after the step that is running.</param>
    /// <param name="repeat">The command that repeats it.</param>
    public static int Train(IReadOnlyList<(string Key, object? Value)> settings, IReadOnlyList<string> changes, string? root, string? folder, string repeat, CancellationToken cancellation) =>
        Show(DetectionRecipe.Of(Changes(settings, changes)), root, folder, repeat, cancellation);

    /// <summary>Runs a detector's recipe, or goes on with its run.</summary>
    /// <param name="path">The recipe, or null.</param>
    /// <param name="started">The run to go on with, or null.</param>
    /// <param name="settings">What the options change, by key of the recipe; null where nothing is said.</param>
    /// <param name="changes">Further settings, as they were typed.</param>
    /// <param name="root">The folder looked in first for the data.</param>
    /// <param name="folder">The run's folder, or null.</param>
    /// <param name="print">Whether to print the recipe and stop.</param>
    /// <param name="cancellation">Stops after the step that is running.</param>
    public static int Run(
        string? path, string? started, IReadOnlyList<(string Key, object? Value)> settings, IReadOnlyList<string> changes, string? root, string? folder, bool print, CancellationToken cancellation)
    {
        string[] changed = Changes(settings, changes);
        if (started is not null && changed.Length > 0)
        {
            throw new ArgumentException("A run goes on with the recipe it was started with; --resume takes no changes.");
        }

        var recipe = DetectionRecipe.Load(path ?? Path.Combine(started!, "recipe.yaml"), changed);
        if (!recipe.IsDistilled && settings.Any(setting => setting is { Key: "seeds", Value: not null }))
        {
            throw new ArgumentException("--seeds is for distillation, whose gain is told with its spread; a detector alone is trained once. Give --seed.");
        }

        if (print)
        {
            Console.Out.Write(recipe.ToYaml());
            return CommandLine.Done;
        }

        return started is not null ? Resume(started, cancellation) : Show(recipe, root, folder, $"distill run {RunCommand.Quote(path!)}{string.Concat(changed.Select(change => $" --set {RunCommand.Quote(change)}"))}", cancellation);
    }

    /// <summary>Goes on with a run.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="cancellation">Stops after the step that is running.</param>
    public static int Resume(string folder, CancellationToken cancellation)
    {
        string path = Path.Combine(folder, "recipe.yaml");
        string repeat = $"distill run {RunCommand.Quote(RunCommand.Near(path))}";
        return File.Exists(path) && DetectionRecipe.Load(path).IsDistilled
            ? Distil(options => DetectorDistiller.Resume(folder, options with { Command = repeat }, cancellation))
            : Show(options => DetectionTraining.Resume(folder, options, cancellation));
    }

    private static int Show(DetectionRecipe recipe, string? root, string? folder, string repeat, CancellationToken cancellation)
    {
        recipe = recipe with { DataRoot = root ?? recipe.DataRoot };
        return recipe.IsDistilled
            ? Distil(options => DetectorDistiller.Run(recipe, options with { Folder = folder, Command = repeat }, cancellation))
            : Show(options => DetectionTraining.Run(recipe, options with { Folder = folder }, cancellation));
    }

    private static int Distil(Func<DetectionRunOptions, DetectorDistillation> work)
    {
        using var view = ProgressView.Create();
        DetectorDistillation run;
        try
        {
            run = view.Show(() => work(new() { Observers = [view.Observer], Log = view, ProbeCommand = ProbeCommand.OwnProcess }));
        }
        catch (OperationCanceledException) when (view.Folder is { } folder)
        {
            Console.Error.WriteLine($"distill: interrupted. Go on with: distill run --resume {RunCommand.Quote(RunCommand.Near(folder))}");
            throw;
        }

        DistilledDetectorView.Print(run.Report);
        Console.Out.WriteLine($"\nreport   {RunCommand.Near(run.Folder.HtmlReport)}");
        Console.Out.WriteLine($"student  {RunCommand.Near(run.StudentPath)}");
        return CommandLine.Done;
    }

    private static string[] Changes(IReadOnlyList<(string Key, object? Value)> settings, IReadOnlyList<string> changes) =>
        [.. settings.Where(setting => setting.Value is not null).Select(setting => string.Create(CultureInfo.InvariantCulture, $"{setting.Key}={Text(setting.Value!)}")), .. changes];

    private static int Show(Func<DetectionRunOptions, DetectionRun> work)
    {
        using var view = ProgressView.Create();
        DetectionRun run;
        try
        {
            run = view.Show(() => work(new() { Observers = [view.Observer], Log = view }));
        }
        catch (OperationCanceledException) when (view.Folder is { } folder)
        {
            Console.Error.WriteLine($"distill: interrupted. Go on with: distill train --resume {RunCommand.Quote(RunCommand.Near(folder))}");
            throw;
        }

        DetectionScoreView.Print(run.Score, run.Speed, run.ClassNames);
        Console.Out.WriteLine($"\nbest   {RunCommand.Near(run.BestPath)} (epoch {run.Training.BestEpochNumber})");
        Console.Out.WriteLine($"all    {RunCommand.Near(run.Folder)}");
        return CommandLine.Done;
    }

    /// <summary>Text is quoted, so that a path with a colon or a number for a name stays a text.</summary>
    private static object Text(object value) => value is string text && text is not ("true" or "false") ? Quoted(text) : value;

    /// <summary>A text as YAML takes it whole.</summary>
    public static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
