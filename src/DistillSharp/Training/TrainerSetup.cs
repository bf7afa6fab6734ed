using DistillSharp.Graph;
using DistillSharp.Observers;
using DistillSharp.Plugins;
using DistillSharp.Tasks;

namespace DistillSharp.Training;

/// <summary>What a <see cref="Trainer"/> trains, on what, for what, and where it writes.</summary>
public abstract record TrainerSetup
{
    /// <summary>Which model of a run this is: <c>teacher</c>, <c>control</c>, <c>distilled</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The model; it is not changed.</summary>
    public required ModelGraph Graph { get; init; }

    /// <summary>What travels inside the files written; its input is what the pictures are normalised to.</summary>
    public required ModelCard Card { get; init; }

    /// <summary>How to train.</summary>
    public TrainingOptions Options { get; init; } = new();

    /// <summary>The seed of order, augmentation and dropout. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Where to train: <c>cpu</c>, <c>cuda</c>. Default cpu.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads that decode and augment. Default 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Threads of the session that evaluates; 0 for all cores. Default 0.</summary>
    public int Threads { get; init; }

    /// <summary>Whether pictures that cannot be read are left out instead of stopping the run. Default false.</summary>
    public bool SkipBad { get; init; }

    /// <summary>Where checkpoints and state are written, or null to keep all in memory.</summary>
    public string? Folder { get; init; }

    /// <summary>Whether to go on from the state in the folder, if there is one. Default false.</summary>
    public bool Resume { get; init; }

    /// <summary>Who looks on.</summary>
    public IReadOnlyList<TrainingObserver> Observers { get; init; } = [];

    /// <summary>Where optimisers, schedules and augmentations are found.</summary>
    public PluginCatalogs Plugins { get; init; } = PluginCatalogs.BuiltIn;

    /// <summary>Its batches, its loss and its score.</summary>
    internal abstract TrainingTask Open();
}
