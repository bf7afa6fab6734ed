using System.Globalization;
using DistillSharp.Training;

namespace DistillSharp.Detection.Training;

/// <summary>What a detector's options come to for the training loop, once the number of classes and pictures is known.</summary>
internal static class DetectionPlan
{
    /// <summary>Steps of 64 pictures up to which <c>auto</c> takes AdamW.</summary>
    private const long FewSteps = 10_000;

    /// <summary>AdamW's rate for fresh weights: the published one is for weights that know much already.</summary>
    private const double FreshRate = 0.001;

    /// <summary>The shortest warm-up, in batches.</summary>
    private const int FewestWarmupSteps = 100;

    /// <summary>The average's time constant, in steps of the optimiser.</summary>
    private const double EmaTau = 2000;

    /// <summary>Settles the options.</summary>
    /// <param name="options">How to train.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="pictures">The training pictures.</param>
    /// <param name="fresh">Whether the weights are fresh.</param>
    public static TrainingOptions Of(DetectionTrainingOptions options, int classes, int pictures, bool fresh = false)
    {
        bool auto = options.Optimizer == "auto";
        long steps = (long)Math.Ceiling((double)pictures / Math.Max(options.Batch, options.NominalBatch)) * options.Epochs;
        bool sgd = options.Optimizer == "sgd" || (auto && steps > FewSteps);
        double rate = !auto ? options.LearningRate : sgd ? 0.01 : fresh ? FreshRate : Math.Round(0.002 * 5 / (4 + classes), 6), momentum = auto ? 0.9 : options.Momentum;

        // The decay is meant for the nominal batch: what a step really takes in may be more or less.
        double seen = options.Batch * Math.Max(1, Math.Round((double)options.NominalBatch / options.Batch)), decay = options.WeightDecay * seen / options.NominalBatch;
        return new()
        {
            Epochs = options.Epochs,
            Batch = options.Batch,
            Optimizer = sgd
                ? new("sgd", new SgdOptions { LearningRate = rate, Momentum = Below1(momentum), Nesterov = momentum > 0, WeightDecay = decay })
                : new("adamw", new AdamWOptions { LearningRate = rate, Beta1 = Below1(momentum), WeightDecay = decay }),
            Schedule = options.Cosine ? new("cosine", new CosineScheduleOptions { FinalFactor = options.FinalFactor }) : new("linear", new LinearScheduleOptions { FinalFactor = options.FinalFactor }),
            WarmupEpochs = options.WarmupEpochs,
            WarmupSteps = FewestWarmupSteps,
            WarmupBiasRate = auto && !sgd ? 0 : options.WarmupBiasRate,
            WarmupMomentum = Below1(options.WarmupMomentum),
            NominalBatch = options.NominalBatch,
            ClipNorm = options.ClipNorm,
            EmaDecay = options.EmaDecay,
            EmaTau = EmaTau,
            EmaStatistics = EmaStatistics.Averaged,
            Freeze = [.. Enumerable.Range(0, options.Freeze).Select(i => $"model.{i}")],
            Patience = options.Patience,
            ValidateEvery = options.ValidateEvery,
        };
    }

    /// <summary>What the options take away without being asked, in a sentence; null for nothing.</summary>
    /// <param name="options">How to train.</param>
    /// <param name="key">Where the recipe holds them: <c>training</c>.</param>
    public static string? Warning(DetectionTrainingOptions options, string key = "training") =>
        options is { Augment: true, Augmentation: { CloseMosaic: { } closing } augmentation } && closing >= options.Epochs && augmentation is not { Mosaic: 0, MixUp: 0 }
            ? string.Create(CultureInfo.InvariantCulture, $"{key}.augmentation.close-mosaic is {closing} and the run has {options.Epochs} epochs, so no epoch trains on mosaics. Use a smaller number, or leave it out for {(augmentation with { CloseMosaic = null }).ClosingEpochs(options.Epochs)}")
            : null;

    private static double Below1(double value) => Math.Min(value, 1 - 1e-6);
}
