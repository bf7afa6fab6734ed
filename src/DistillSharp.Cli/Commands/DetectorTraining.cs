using System.CommandLine;
using System.Globalization;
using DistillSharp.Cli.Views;
using DistillSharp.Detection;
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
                throw new ArgumentException($"{option.Name} is for classifiers; a detector is not taught by a teacher yet.");
            }
        }
    }

    /// <summary>Trains, with progress on the screen, and shows the best epoch's table.</summary>
    /// <param name="settings">What the options say, by key of the recipe; null where nothing is said.</param>
    /// <param name="changes">Further settings, as they were typed.</param>
    /// <param name="root">The folder looked in first for the data.</param>
    /// <param name="folder">The run's folder, or null.</param>
    /// <param name="cancellation">Stops after the step that is running.</param>
    /// <param name="path">A recipe file that the settings change, or null.</param>
    public static int Execute(IReadOnlyList<(string Key, object? Value)> settings, IReadOnlyList<string> changes, string? root, string? folder, string? path, CancellationToken cancellation)
    {
        var said = settings.Where(setting => setting.Value is not null).Select(setting => string.Create(CultureInfo.InvariantCulture, $"{setting.Key}={Text(setting.Value!)}"));
        var recipe = path is null ? DetectionRecipe.Of([.. said, .. changes]) : DetectionRecipe.Load(path, [.. said, .. changes]);
        return Show(options => DetectionTraining.Run(recipe with { DataRoot = root ?? recipe.DataRoot }, options with { Folder = folder }, cancellation));
    }

    /// <summary>Goes on with a run.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="cancellation">Stops after the step that is running.</param>
    public static int Resume(string folder, CancellationToken cancellation) => Show(options => DetectionTraining.Resume(folder, options, cancellation));

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
    private static object Text(object value) => value is string text && text is not ("true" or "false") ? $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : value;
}
