namespace DistillSharp.Training;

/// <summary>How fast training goes at a step: learning rates, momentum, and how many batches one step of the optimiser takes.</summary>
/// <param name="options">How to train.</param>
/// <param name="schedule">The learning rate over the run, as a factor.</param>
/// <param name="batchesPerEpoch">Steps in an epoch.</param>
internal sealed class TrainingPace(TrainingOptions options, Schedule schedule, long batchesPerEpoch)
{
    // The fewest steps must not eat a short run up: they are at most half of it.
    private readonly double _warm = options.WarmupEpochs > 0 ? Math.Max(options.WarmupEpochs * batchesPerEpoch, Math.Min(options.WarmupSteps, 0.5 * batchesPerEpoch * options.Epochs)) : 0;

    /// <summary>The learning rates and the momentum of a step.</summary>
    /// <param name="step">The 0-based batch.</param>
    /// <param name="update">The optimiser's 0-based step.</param>
    /// <param name="rate">The optimiser's learning rate.</param>
    /// <param name="momentum">The optimiser's momentum.</param>
    public OptimizerStep At(long step, long update, double rate, double momentum)
    {
        double full = rate * schedule.FactorAt((double)step / (batchesPerEpoch * options.Epochs), (int)(step / batchesPerEpoch));
        if (step >= _warm)
        {
            return new(full, update);
        }

        double share = Share(step);
        return new(full * share, update)
        {
            BiasLearningRate = options.WarmupBiasRate is { } start ? start + ((full - start) * share) : null,
            Momentum = options.WarmupMomentum is { } begin ? begin + ((momentum - begin) * share) : null,
        };
    }

    /// <summary>How many batches one step of the optimiser takes at a step: it grows over the warm-up from one, and is at most an epoch's, so that a small set is learned from at all.</summary>
    /// <param name="step">The 0-based batch.</param>
    public int BatchesPerUpdate(long step)
    {
        double wanted = Math.Clamp((double)options.NominalBatch / options.Batch, 1, Math.Max(1, batchesPerEpoch));
        return (int)Math.Max(1, Math.Round(step < _warm ? 1 + ((wanted - 1) * Share(step)) : wanted));
    }

    private double Share(long step) => Math.Min(1, (step + 1) / _warm);
}
