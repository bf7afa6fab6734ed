namespace DistillSharp.Training;

/// <summary>Which running statistics of batch norms go with averaged weights: those of the live weights belong to other activations.</summary>
public enum EmaStatistics
{
    /// <summary>Those that the averaged weights have on a fixed draw of at most 50 training batches, computed before each epoch's model is saved and evaluated.</summary>
    Recomputed,

    /// <summary>The moving average of the live statistics, taken as the weights' is. It costs nothing.</summary>
    Averaged,
}
