namespace DistillSharp.Tasks.Detection.Metrics;

/// <summary>What a detector scored on one class that has true boxes.</summary>
public sealed record ClassDetectionScore
{
    /// <summary>The 0-based class.</summary>
    public required int ClassIndex { get; init; }

    /// <summary>The pictures that show it.</summary>
    public required int Images { get; init; }

    /// <summary>Its true boxes.</summary>
    public required int Instances { get; init; }

    /// <summary>The share of found boxes that are right at the best confidence, 0 to 1.</summary>
    public required double Precision { get; init; }

    /// <summary>The share of true boxes that are found at the best confidence, 0 to 1.</summary>
    public required double Recall { get; init; }

    /// <summary>The harmonic mean of precision and recall, 0 to 1.</summary>
    public required double F1 { get; init; }

    /// <summary>The boxes found rightly at the best confidence.</summary>
    public required double TruePositives { get; init; }

    /// <summary>The boxes found wrongly at the best confidence.</summary>
    public required double FalsePositives { get; init; }

    /// <summary>The average precision at each threshold, 0.50 to 0.95, Ultralytics' variant, each 0 to 1.</summary>
    public required IReadOnlyList<double> AveragePrecisions { get; init; }

    /// <summary>The average precision at a threshold of 0.50.</summary>
    public double Ap50 => AveragePrecisions[0];

    /// <summary>The mean of the ten average precisions.</summary>
    public double Ap => AveragePrecisions.Average();
}
