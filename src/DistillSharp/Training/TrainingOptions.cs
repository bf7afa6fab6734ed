using DistillSharp.Plugins;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Training;

/// <summary>How a model is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>The minimum number of steps of a teacher that is trained like its student: on a small data set, or in a short run, a teacher of fewer steps knows less than its student's labels do.</summary>
    public const int TeacherSteps = 1000;

    private readonly double? _warmupEpochs;

    /// <summary>Passes over the training pictures, 1 or more. Default 30.</summary>
    public int Epochs
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Epochs), value, "The number of epochs must be 1 or more.");
    } = 30;

    /// <summary>
    /// The minimum number of steps, 0 or more: where <see cref="Epochs"/> take fewer, epochs are added until it is reached. Null (default) for none; a teacher that the run trains
    /// without settings of its own then takes at least <see cref="TeacherSteps"/>.
    /// </summary>
    public int? MinSteps
    {
        get;
        init => field = value is null or >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(MinSteps), value, "The minimum number of steps must be 0 (none) or more.");
    }

    /// <summary>Pictures in a step, 1 or more. Default 64.</summary>
    public int Batch
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Batch), value, "The batch size must be 1 or more.");
    } = 64;

    /// <summary>The optimiser. Default <c>sgd</c> with momentum 0.9.</summary>
    public PluginChoice<Optimizer> Optimizer { get; init; } = new("sgd", new SgdOptions());

    /// <summary>The learning rate over the run. Default <c>cosine</c>.</summary>
    public PluginChoice<Schedule> Schedule { get; init; } = new("cosine", new CosineScheduleOptions());

    /// <summary>Epochs over which the learning rate rises linearly from 0, 0 or more. Default 1, but at most a tenth of <see cref="Epochs"/>.</summary>
    public double WarmupEpochs
    {
        get => _warmupEpochs ?? Math.Min(1, Epochs / 10.0);
        init => _warmupEpochs = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(WarmupEpochs), value, "The warm-up must be 0 epochs or more.");
    }

    /// <summary>The fewest steps of a warm-up, 0 or more, but at most half of the run; without <see cref="WarmupEpochs"/> there is none. Default 0.</summary>
    public int WarmupSteps
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(WarmupSteps), value, "The warm-up's fewest steps must be 0 or more.");
    }

    /// <summary>The learning rate that biases come down from in the warm-up, 0 or more; null lets them rise with the other weights. Default null.</summary>
    public double? WarmupBiasRate
    {
        get;
        init => field = value is null or (>= 0 and <= 10) ? value : throw new ArgumentOutOfRangeException(nameof(WarmupBiasRate), value, "The biases' rate in the warm-up must be 0 or more, or none; 0.1 in practice.");
    }

    /// <summary>The momentum the warm-up begins with, 0 up to 1, or null for the optimiser's own. Default null.</summary>
    public double? WarmupMomentum
    {
        get;
        init => field = value is null or (>= 0 and < 1) ? value : throw new ArgumentOutOfRangeException(nameof(WarmupMomentum), value, "The warm-up's momentum must be 0 or more and below 1, or none; 0.8 in practice.");
    }

    /// <summary>
    /// The images of one step of the optimizer, where a batch is smaller: the gradients of several batches make one step. The warm-up begins with one batch. A classifier's step follows the
    /// gradient of the mean over all these images; a detector's follows the sum, as YOLO's is published. Batches that wait at an epoch's end join the next epoch's; those that wait
    /// at the end of training make a last step. 0 steps after every batch, and an epoch of fewer images is one step. Default 0.
    /// </summary>
    public int NominalBatch
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(NominalBatch), value, "The nominal batch must be 0 (off) or more; 64 in practice.");
    }

    /// <summary>How much probability the hard labels give to all classes alike, 0 up to 1 (arXiv:1512.00567). Default 0.</summary>
    public double LabelSmoothing
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(LabelSmoothing), value, "Label smoothing must be 0 or more and below 1; 0.1 in practice.");
    }

    /// <summary>The largest norm of the whole gradient; 0 does not clip. Default 3.</summary>
    public double ClipNorm
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(ClipNorm), value, "The gradient's largest norm must be 0 (off) or more.");
    } = 3;

    /// <summary>The largest norm of one unit's incoming weights (arXiv:1207.0580); 0 does not constrain. Default 0.</summary>
    public double MaxNorm
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(MaxNorm), value, "The largest norm of a unit's weights must be 0 (off) or more; 3 to 4 in practice.");
    }

    /// <summary>The decay of the weights' moving average, 0 (off) up to 1. Default 0.</summary>
    public double EmaDecay
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(EmaDecay), value, "The average's decay must be 0 (off) or more and below 1; 0.999 in practice.");
    }

    /// <summary>The time constant, in updates, with which the average's decay grows to its value; 0 lets it grow as (1 + n) / (10 + n). Default 0.</summary>
    public double EmaTau
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(EmaTau), value, "The average's time constant must be 0 (off) or more updates; 2000 in practice.");
    }

    /// <summary>Which running statistics go with averaged weights: <c>recomputed</c> on at most 50 training batches, or <c>averaged</c> as the weights are. Default recomputed.</summary>
    public EmaStatistics EmaStatistics { get; init; }

    /// <summary>Modules whose weights stay as they are, by path: <c>model.0</c> means <c>model.0</c> and all below it. Default none.</summary>
    public IReadOnlyList<string> Freeze { get; init; } = [];

    /// <summary>Evaluations without a better score after which training stops; 0 never stops early. Default 0.</summary>
    public int Patience
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Patience), value, "The patience must be 0 (off) or more evaluations.");
    }

    /// <summary>Epochs between evaluations on the held-out pictures, 1 or more; the last epoch is always evaluated. Default 1.</summary>
    public int ValidateEvery
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(ValidateEvery), value, "Evaluate every 1 epoch or more.");
    } = 1;

    /// <summary>
    /// Epochs in a row, after the warm-up, that a classifier may stay at chance without its loss falling, while its teacher is far above chance; then training stops. It stays at chance where
    /// its accuracy is at most three standard deviations above the share of the most frequent class. A teacher that the run trains is compared with its floor. 0 never stops. Default 4.
    /// </summary>
    public int ChanceEpochs
    {
        get;
        init => field = value is 0 or >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(ChanceEpochs), value, "The number of epochs at chance must be 0 (off), or 2 or more.");
    } = 4;

    /// <summary>What is done to each training picture, in order. Default nothing.</summary>
    public IReadOnlyList<PluginChoice<Augmentation>> Augment { get; init; } = [];

    /// <summary>These options with the epochs that the minimum number of steps asks for.</summary>
    /// <param name="batches">The batches of an epoch, each a step.</param>
    internal TrainingOptions Over(int batches) => (long)Epochs * batches >= (MinSteps ?? 0) ? this : this with { Epochs = (int)Math.Ceiling(MinSteps!.Value / (double)Math.Max(1, batches)) };
}
