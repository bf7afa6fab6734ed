using DistillSharp.Detection.Distillation;
using DistillSharp.Detection.Losses;
using DistillSharp.Tasks.Detection;
using DistillSharp.Training;

namespace DistillSharp.Detection.Training;

/// <summary>A detector to be trained: a graph with the outputs <c>output0</c> and <c>feat0</c> to <c>feat2</c>.</summary>
public sealed record DetectionSetup : TrainerSetup
{
    /// <summary>The pictures.</summary>
    public required DetectionDataset Dataset { get; init; }

    /// <summary>How to train; <see cref="TrainerSetup.Options"/> is what <see cref="Prepare"/> made of it.</summary>
    public required DetectionTrainingOptions Detection { get; init; }

    /// <summary>Whether the validation pictures choose the best epoch; if not, they are not looked at, and the last epoch is the best. Default true.</summary>
    public bool Validated { get; init; } = true;

    /// <summary>Pictures without labels that join the batches; null for none.</summary>
    public IDetectionSource? Unlabelled { get; init; }

    /// <summary>How many of them join a batch, 1 or more.</summary>
    public int UnlabelledBatch { get; init; } = 1;

    /// <summary>Whether the weights are fresh: then they may take larger steps. Default false.</summary>
    public bool FreshWeights { get; init; }

    /// <summary>The same with the options of the training loop worked out.</summary>
    public DetectionSetup Prepare() => this with { Options = DetectionPlan.Of(Detection, Dataset.ClassNames.Count, Dataset.Train.Count, FreshWeights) };

    /// <summary>Makes the objective from the detector's own loss; null for true boxes alone.</summary>
    internal Func<DetectionLoss, DetectionObjective>? Objective { get; init; }

    internal override TrainingTask Open() => new DetectionTask(this);
}
