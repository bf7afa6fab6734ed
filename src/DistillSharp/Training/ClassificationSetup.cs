using DistillSharp.Plugins;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Training;

/// <summary>A classifier to be trained.</summary>
public sealed record ClassificationSetup : TrainerSetup
{
    /// <summary>The training pictures.</summary>
    public required ISampleSource Data { get; init; }

    /// <summary>Pictures held out of training that choose the best epoch, or null: then the last epoch is the best.</summary>
    public ISampleSource? HeldOut { get; init; }

    /// <summary>What to train for. Default: the hard labels.</summary>
    public Objective? Objective { get; init; }

    /// <summary>
    /// The share of held-out images that a teacher gets right, 0 to 1: a model that stays at chance where this is possible is stopped (<see cref="TrainingOptions.ChanceEpochs"/>).
    /// Null (default): the objective's teacher is asked; a model without one is not stopped.
    /// </summary>
    public double? Reference { get; init; }

    /// <summary>What is done to the strongly augmented view, in order; empty where no loss compares two views.</summary>
    public IReadOnlyList<PluginChoice<Augmentation>> StrongAugment { get; init; } = [];

    internal override TrainingTask Open() => new ClassificationTask(this);
}
