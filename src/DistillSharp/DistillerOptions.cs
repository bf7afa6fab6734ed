using DistillSharp.Graph;
using DistillSharp.Observers;
using DistillSharp.Plugins;
using DistillSharp.Runs;
using DistillSharp.Tasks.Data;

namespace DistillSharp;

/// <summary>What a run needs beside its recipe: where it writes, who watches, and objects of the caller's own.</summary>
public sealed record DistillerOptions
{
    /// <summary>The run's folder; null for <c>runs/NAME</c>, or <c>runs/NAME-2</c> and so on where that exists.</summary>
    public string? Folder { get; init; }

    /// <summary>Goes on with the run in <see cref="Folder"/> where it was interrupted. Default no.</summary>
    public bool Resume { get; init; }

    /// <summary>What can be chosen by key. Name your own assembly in it to use your own models, data sets and losses.</summary>
    public PluginCatalogs Plugins { get; init; } = PluginCatalogs.BuiltIn;

    /// <summary>A data set of the caller's own, instead of the recipe's.</summary>
    public ImageDataset? Dataset { get; init; }

    /// <summary>A student of the caller's own, instead of the recipe's: its weights are drawn where it carries initialisations.</summary>
    public ModelGraph? Student { get; init; }

    /// <summary>Who watches the training; they may look, not touch. <c>results.csv</c> and TensorBoard events are always written.</summary>
    public IReadOnlyList<TrainingObserver> Observers { get; init; } = [];

    /// <summary>Told each stage in a line.</summary>
    public IProgress<string>? Log { get; init; }

    /// <summary>Told how downloads go.</summary>
    public IProgress<DownloadProgress>? Downloads { get; init; }

    /// <summary>
    /// The program, with its first arguments, that profiles models in processes of their own (<see cref="Runtime.Profiling.ProbeProcess"/>);
    /// null to profile in this process, where peak memory cannot be measured.
    /// </summary>
    public IReadOnlyList<string>? ProbeCommand { get; init; }

    /// <summary>The stages that this run is a part of; null for its own.</summary>
    internal StagePlan? Stages { get; init; }

    /// <summary>The command that repeats the run, for the report.</summary>
    public string Command { get; init; } = "";
}
