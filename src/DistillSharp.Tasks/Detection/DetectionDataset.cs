namespace DistillSharp.Tasks.Detection;

/// <summary>A detection data set that has been opened.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="ClassNames">The classes' names, by 0-based class.</param>
/// <param name="Train">The training pictures.</param>
/// <param name="Validation">The pictures that score each epoch and choose the best one.</param>
public sealed record DetectionDataset(string Name, IReadOnlyList<string> ClassNames, IDetectionSource Train, IDetectionSource Validation)
{
    /// <summary>Pictures that choose nothing, or null where the set has none.</summary>
    public IDetectionSource? Test { get; init; }

    /// <summary>What the check of the labels found and left out, one line each: file, line, reason.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
