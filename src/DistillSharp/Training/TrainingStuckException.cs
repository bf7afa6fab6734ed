namespace DistillSharp.Training;

/// <summary>A model stayed at chance while its teacher did not, and its loss did not fall: more epochs of the same would be lost.</summary>
public sealed class TrainingStuckException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="name">Which model: <c>control</c>, <c>distilled</c>.</param>
    /// <param name="epochNumber">The 1-based epoch.</param>
    /// <param name="what">What happened, with the causes that were measured.</param>
    public TrainingStuckException(string name, int epochNumber, string what)
        : base($"Training of the {name} stopped after epoch {epochNumber}: {what}. "
            + "Clip the gradient (training.clip-norm), warm up (training.warmup-epochs), lower the learning rate or the weight of the term with the largest gradient; training.chance-epochs: 0 trains on all the same.") =>
        EpochNumber = epochNumber;

    /// <summary>The 1-based epoch.</summary>
    public int EpochNumber { get; }
}
