using DistillSharp.Observers;
using DistillSharp.Runs;

namespace DistillSharp.Detection;

/// <summary>Where a detector's run writes, and who watches.</summary>
public sealed record DetectionRunOptions
{
    /// <summary>The run's folder; null for <c>runs/detect/NAME</c>, numbered where that exists.</summary>
    public string? Folder { get; init; }

    /// <summary>Goes on with the run in <see cref="Folder"/> where it was interrupted. Default no.</summary>
    public bool Resume { get; init; }

    /// <summary>Who watches the training; they may look, not touch. <c>results.csv</c> and TensorBoard events are always written.</summary>
    public IReadOnlyList<TrainingObserver> Observers { get; init; } = [];

    /// <summary>
    /// The program, with its first arguments, that profiles models in processes of their own (<see cref="Runtime.Profiling.ProbeProcess"/>);
    /// null to profile in this process, where peak memory cannot be measured.
    /// </summary>
    public IReadOnlyList<string>? ProbeCommand { get; init; }

    /// <summary>The stages of the run; null before they are known.</summary>
    internal StagePlan? Stages { get; init; }

    /// <summary>The command that repeats the run, for the report.</summary>
    public string Command { get; init; } = "";

    /// <summary>Told each stage in a line.</summary>
    public IProgress<string>? Log { get; init; }

    /// <summary>The assemblies and files beside the recipe: where plug-ins are found.</summary>
    public Plugins.PluginCatalogs Plugins { get; init; } = DistillSharp.Plugins.PluginCatalogs.BuiltIn;
}
