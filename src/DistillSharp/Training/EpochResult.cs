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

    /// <summary>The mean of each loss term, by key, times its weight; empty where there is one term.</summary>
    public IReadOnlyDictionary<string, double> WeightedTerms { get; init; } = new Dictionary<string, double>();

    /// <summary>The norm of the gradient that each weighted term sent into the student in the epoch's first step, by key; empty where there is one term.</summary>
    public IReadOnlyDictionary<string, double> GradientNorms { get; init; } = new Dictionary<string, double>();

    /// <summary>The share of training pictures classified right during the epoch, 0 to 1; null for a detector, and where a loss brings the end of the student's file.</summary>
    public double? TrainAccuracy { get; init; }

    /// <summary>The learning rate of the epoch's last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The learning rate of biases in the epoch's last step; null where it is that of the other weights.</summary>
    public double? BiasLearningRate { get; init; }

    /// <summary>The held-out score, 0 to 1, or null if this epoch was not evaluated: top-1 of a classifier, fitness (0.1 mAP50 + 0.9 mAP50-95) of a detector.</summary>
    public double? ValidationScore { get; init; }

    /// <summary>The held-out loss, or null if this epoch was not evaluated: the negative log-likelihood of a classifier, the sum of a detector's losses.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The standard error of the held-out score, √(p(1 - p)/n); null for a detector, and if this epoch was not evaluated.</summary>
    public double? ValidationError { get; init; }

    /// <summary>What else was measured on held-out pictures, by its name in <c>results.csv</c>; empty for a classifier.</summary>
    public IReadOnlyDictionary<string, double> Measures { get; init; } = new Dictionary<string, double>();

    /// <summary>Seconds of training in this epoch.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>Seconds of evaluation, building the session included.</summary>
    public double ValidationSeconds { get; init; }

    /// <summary>Seconds of training and evaluation from the start of training to the end of this epoch, the pauses of an interrupted run left out.</summary>
    public double ElapsedSeconds { get; init; }

    /// <summary>Training pictures a second.</summary>
    public required double ImagesPerSecond { get; init; }
}
