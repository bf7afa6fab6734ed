namespace DistillSharp.Tasks.Detection.Metrics;

/// <summary>A detector's curves at a threshold of 0.50, each over <see cref="Axis"/>; a row for each class of <see cref="DetectionScore.Classes"/>.</summary>
public sealed record DetectionCurves
{
    /// <summary>How many points a curve has.</summary>
    public const int PointCount = 1_000;

    /// <summary>The places, 0 to 1: confidences, or recalls for <see cref="PrecisionOverRecall"/>.</summary>
    public static IReadOnlyList<double> Axis { get; } = Curve.Axis(PointCount);

    /// <summary>The precision over the confidence.</summary>
    public required IReadOnlyList<double[]> Precision { get; init; }

    /// <summary>The recall over the confidence.</summary>
    public required IReadOnlyList<double[]> Recall { get; init; }

    /// <summary>The F1 over the confidence.</summary>
    public required IReadOnlyList<double[]> F1 { get; init; }

    /// <summary>The precision over the recall.</summary>
    public required IReadOnlyList<double[]> PrecisionOverRecall { get; init; }
}
