namespace DistillSharp.Reports;

/// <summary>What a gain is judged by, for classifiers and detectors alike.</summary>
internal sealed record GainEvidence
{
    /// <summary>The figure's name: <c>top-1</c>.</summary>
    public required string Figure { get; init; }

    /// <summary>How the figure is printed: <c>97.45 %</c>.</summary>
    public required Func<double, string> Show { get; init; }

    /// <summary>What the control scored in each repeat, 0 to 1.</summary>
    public required IReadOnlyList<double> Control { get; init; }

    /// <summary>What the distilled student scored in each repeat, 0 to 1.</summary>
    public required IReadOnlyList<double> Distilled { get; init; }

    /// <summary>What the best teacher scored on average, 0 to 1; null without one.</summary>
    public double? Teacher { get; init; }

    /// <summary>What is repeated: <c>seed</c> or <c>fold</c>.</summary>
    public required string Repeat { get; init; }

    /// <summary>Test samples for each training sample where repeats are folds; 0 for seeds.</summary>
    public double TestShare { get; init; }

    /// <summary>The smallest change of the figure that the test set can show, 0 to 1.</summary>
    public required double Grain { get; init; }

    /// <summary>The score that one model must exceed for the two to be worth comparing, 0 to 1.</summary>
    public required double Floor { get; init; }

    /// <summary>What that score is, before its value: <c>chance</c>.</summary>
    public required string FloorName { get; init; }

    /// <summary>The difference over the images of the one repeat; null where it was not taken.</summary>
    public ImageInterval? Images { get; init; }
}
