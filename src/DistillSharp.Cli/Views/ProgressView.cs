using System.Globalization;
using DistillSharp.Observers;
using DistillSharp.Tasks.Data;
using DistillSharp.Training;
using Spectre.Console;

namespace DistillSharp.Cli.Views;

/// <summary>Shows how a run goes on: bars on a terminal, milestones where the output is a file.</summary>
internal abstract class ProgressView : IProgress<string>, IDisposable
{
    /// <summary>Looks at the training.</summary>
    public abstract TrainingObserver Observer { get; }

    /// <summary>The run's folder, once a stage has begun.</summary>
    public string? Folder { get; protected set; }

    /// <summary>Told how downloads go.</summary>
    public abstract IProgress<DownloadProgress> Downloads { get; }

    /// <summary>The view that fits where the output goes.</summary>
    public static ProgressView Create()
    {
        if (Console.IsOutputRedirected || Console.IsErrorRedirected)
        {
            return new MilestoneView(Console.Out);
        }

        // A terminal that cannot move its cursor is written to as a file is.
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Out) });
        return console.Profile.Capabilities is { Ansi: true, Interactive: true } ? new BarView(console) : new MilestoneView(Console.Out);
    }

    /// <summary>Does the work while the view is on the screen.</summary>
    /// <param name="work">The work.</param>
    public virtual T Show<T>(Func<T> work) => work();

    /// <summary>Tells a line.</summary>
    /// <param name="value">The line.</param>
    public abstract void Report(string value);

    public void Dispose() => GC.SuppressFinalize(this);

    /// <summary>The run's folder is the stage's own, or up to two above it: <c>RUN/teacher</c>, <c>RUN/seed-0/teacher</c>.</summary>
    protected void Remember(string? stageFolder)
    {
        string? folder = stageFolder;
        for (int i = 0; i < 2 && folder is { Length: > 0 } && !File.Exists(Path.Combine(folder, "recipe.yaml")); i++)
        {
            folder = Path.GetDirectoryName(folder);
        }

        Folder = folder is { Length: > 0 } ? folder : null;
    }

    /// <summary>A stage with its number: <c>2 of 5: control (seed 0)</c>.</summary>
    protected static string NumberedTitle(RunStage stage) => string.Create(CultureInfo.InvariantCulture, $"{stage.Number} of {stage.Count}: {stage.Title}");

    /// <summary>What an epoch scored on the held-out pictures, in a few words.</summary>
    protected static string HeldOut(EpochResult result) =>
        result.ValidationScore is not { } score ? ""
        : result.Measures.TryGetValue("metrics/mAP50-95(B)", out double map) ? string.Create(CultureInfo.InvariantCulture, $"mAP50 {100 * result.Measures.GetValueOrDefault("metrics/mAP50(B)"):0.0}, mAP50-95 {100 * map:0.0}")
        : string.Create(CultureInfo.InvariantCulture, $"held out {score:P2}");
}
