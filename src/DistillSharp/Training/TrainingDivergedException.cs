namespace DistillSharp.Training;

/// <summary>The loss or the weights became NaN or infinite. The weights of the last finished epoch are kept.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="name">Which model: <c>teacher</c>, <c>control</c>, <c>distilled</c>.</param>
    /// <param name="step">The 1-based step.</param>
    /// <param name="epochNumber">The 1-based epoch.</param>
    /// <param name="what">What happened: <c>the loss became NaN</c>.</param>
    /// <param name="kept">The file of the last good weights, or null if there is none.</param>
    public TrainingDivergedException(string name, long step, int epochNumber, string what, string? kept)
        : base($"Training of the {name} stopped at step {step} (epoch {epochNumber}): {what}. "
            + (kept is null ? "No epoch was finished before. " : $"The weights of the last finished epoch are kept in '{kept}'. ")
            + "Lower the learning rate, warm up longer, or clip the gradient (training.clip-norm).") => Step = step;

    /// <summary>The 1-based step.</summary>
    public long Step { get; }
}
