namespace DistillSharp.Training;

/// <summary>What one epoch came to: a row of <c>results.csv</c>.</summary>
public sealed record EpochResult
{
    /// <summary>The 1-based epoch.</summary>
    public required int EpochNumber { get; init; }

    /// <summary>Steps taken since the start of training.</summary>
    public required long Step { get; init; }

    /// <summary>The mean total loss over the epoch.</summary>
    public required double Loss { get; init; }

    /// <summary>The mean of each loss term, by key, before its weight.</summary>
    public required IReadOnlyDictionary<string, double> Terms { get; init; }

    /// <summary>The share of training pictures classified right during the epoch, 0 to 1.</summary>
    public required double TrainAccuracy { get; init; }

    /// <summary>The learning rate of the epoch's last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The held-out top-1 score, 0 to 1, or null if this epoch was not evaluated.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>The held-out negative log-likelihood, or null if this epoch was not evaluated.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Seconds of training in this epoch.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>Seconds of evaluation, building the session included.</summary>
    public double ValidationSeconds { get; init; }

    /// <summary>Training pictures a second.</summary>
    public required double ImagesPerSecond { get; init; }
}
