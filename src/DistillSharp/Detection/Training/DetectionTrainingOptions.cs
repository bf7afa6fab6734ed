using DistillSharp.Tasks.Detection.Augmentations;

namespace DistillSharp.Detection.Training;

/// <summary>How a detector is trained. The defaults are those published for YOLO11; each name in brackets is what Ultralytics calls it.</summary>
public sealed record DetectionTrainingOptions
{
    /// <summary>Passes over the training pictures, 1 or more. Default 100. [epochs]</summary>
    public int Epochs
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Epochs), value, "The number of epochs must be 1 or more.");
    } = 100;

    /// <summary>Pictures in a batch, 1 or more. Default 16. [batch]</summary>
    public int Batch
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Batch), value, "The batch size must be 1 or more.");
    } = 16;

    /// <summary>The side of the square that pictures are letterboxed into, a multiple of 32. Default 640. [imgsz]</summary>
    public int ImageSize
    {
        get;
        init => field = value is >= 32 and <= 8192 && value % 32 == 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(ImageSize), value, $"The picture size must be a multiple of 32, from 32 to 8192; the nearest is {Math.Clamp((value + 16) / 32 * 32, 32, 8192)}.");
    } = 640;

    /// <summary>What takes the steps: <c>auto</c>, <c>sgd</c> or <c>adamw</c>. <c>auto</c> is AdamW at 0.002 · 5 / (4 + classes), or at 0.001 for fresh weights, for up to 10,000 steps of 64 pictures, else SGD at 0.01; it disregards <see cref="LearningRate"/>. Default auto. [optimizer]</summary>
    public string Optimizer
    {
        get;
        init => field = value is "auto" or "sgd" or "adamw" ? value : throw new ArgumentOutOfRangeException(nameof(Optimizer), value, "The optimiser must be 'auto', 'sgd' or 'adamw'.");
    } = "auto";

    /// <summary>The learning rate, above 0. Default 0.01. [lr0]</summary>
    public double LearningRate
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(LearningRate), value, "The learning rate must be above 0; 0.01 (SGD) or 0.001 (AdamW) in practice.");
    } = 0.01;

    /// <summary>The factor the learning rate falls to, 0 to 1. Default 0.01. [lrf]</summary>
    public double FinalFactor
    {
        get;
        init => field = Share(value, nameof(FinalFactor));
    } = 0.01;

    /// <summary>Whether the learning rate falls along a cosine instead of a line. Default false. [cos_lr]</summary>
    public bool Cosine { get; init; }

    /// <summary>The momentum (SGD), or the decay of the mean (AdamW), 0 up to 1. Default 0.937; <c>auto</c> takes 0.9. [momentum]</summary>
    public double Momentum
    {
        get;
        init => field = Share(value, nameof(Momentum));
    } = 0.937;

    /// <summary>The weight decay at a batch of 64, 0 or more; biases and norms are spared. Default 0.0005. [weight_decay]</summary>
    public double WeightDecay
    {
        get;
        init => field = NotNegative(value, nameof(WeightDecay));
    } = 5e-4;

    /// <summary>Epochs of warm-up, but at least 100 steps of it, or half of a run that is shorter; 0 for none. Default 3. [warmup_epochs]</summary>
    public double WarmupEpochs
    {
        get;
        init => field = NotNegative(value, nameof(WarmupEpochs));
    } = 3;

    /// <summary>The momentum the warm-up begins with. Default 0.8. [warmup_momentum]</summary>
    public double WarmupMomentum
    {
        get;
        init => field = Share(value, nameof(WarmupMomentum));
    } = 0.8;

    /// <summary>The learning rate that biases come down from in the warm-up; <c>auto</c> with AdamW lets them rise from 0. Default 0.1. [warmup_bias_lr]</summary>
    public double WarmupBiasRate
    {
        get;
        init => field = NotNegative(value, nameof(WarmupBiasRate));
    } = 0.1;

    /// <summary>The pictures whose gradients are added up for one step, where a batch is smaller. Default 64. [nbs]</summary>
    public int NominalBatch
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(NominalBatch), value, "The nominal batch must be 1 or more; 64 in practice.");
    } = 64;

    /// <summary>The weight of the boxes' overlap. Default 7.5. [box]</summary>
    public double BoxGain
    {
        get;
        init => field = NotNegative(value, nameof(BoxGain));
    } = 7.5;

    /// <summary>The weight of the class scores. Default 0.5. [cls]</summary>
    public double ClassGain
    {
        get;
        init => field = NotNegative(value, nameof(ClassGain));
    } = 0.5;

    /// <summary>The weight of the distributions of the boxes' sides. Default 1.5. [dfl]</summary>
    public double DistributionGain
    {
        get;
        init => field = NotNegative(value, nameof(DistributionGain));
    } = 1.5;

    /// <summary>The decay of the averaged model that is evaluated and written, 0 (off) up to 1; it grows to this with a time constant of 2000 steps. Default 0.9999.</summary>
    public double EmaDecay
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(EmaDecay), value, "The average's decay must be 0 (off) or more and below 1; 0.9999 in practice.");
    } = 0.9999;

    /// <summary>The largest norm of the whole gradient; 0 does not clip. Default 10.</summary>
    public double ClipNorm
    {
        get;
        init => field = NotNegative(value, nameof(ClipNorm));
    } = 10;

    /// <summary>How many of the first modules keep their weights: 10 freezes <c>model.0</c> to <c>model.9</c>, the backbone without its attention. Default 0. [freeze]</summary>
    public int Freeze
    {
        get;
        init => field = value is >= 0 and <= 23 ? value : throw new ArgumentOutOfRangeException(nameof(Freeze), value, "From 0 to 23 modules can be frozen; module 23 is the head.");
    }

    /// <summary>Whether each batch is scaled to a random size from half to one and a half of <see cref="ImageSize"/>. Default false. [multi_scale]</summary>
    public bool MultiScale { get; init; }

    /// <summary>Whether training pictures are changed at all; if not they are only letterboxed. Default true.</summary>
    public bool Augment { get; init; } = true;

    /// <summary>What is done to training pictures. Default the published recipe.</summary>
    public DetectionAugmentation Augmentation { get; init; } = new();

    /// <summary>Evaluations without a better fitness after which training stops; 0 never stops early. Default 100. [patience]</summary>
    public int Patience
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Patience), value, "The patience must be 0 (off) or more evaluations.");
    } = 100;

    /// <summary>Epochs between evaluations, 1 or more; the last epoch is always evaluated. Default 1.</summary>
    public int ValidateEvery
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(ValidateEvery), value, "Evaluate every 1 epoch or more.");
    } = 1;

    /// <summary>Megabytes of decoded pictures that are kept in memory, 0 for none. Default 256. [cache]</summary>
    public int CacheMegabytes
    {
        get;
        init => field = value is >= 0 and <= 1_000_000 ? value : throw new ArgumentOutOfRangeException(nameof(CacheMegabytes), value, "The memory for decoded pictures must be 0 MB or more.");
    } = 256;

    private static double Share(double value, string name) => value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be from 0 to 1.");

    private static double NotNegative(double value, string name) => value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or more.");
}
