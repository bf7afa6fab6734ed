namespace DistillSharp.Tasks.Detection.Data;

/// <summary>The options of <see cref="DetectionChecker"/>.</summary>
public sealed record DetectionCheckerOptions
{
    /// <summary>What messages call the pictures: <c>coco8.yaml, train</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The number of classes, 1 or more.</summary>
    public required int ClassCount
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(ClassCount), value, "A detection data set has 1 class or more.");
    }

    /// <summary>Whether pictures without a single box are accepted: pictures to predict on. Default false.</summary>
    public bool AllowsNoBoxes { get; init; }

    /// <summary>Whether the result is kept beside the labels, or in the user's cache where that folder is read-only. Default true.</summary>
    public bool UseCache { get; init; } = true;

    /// <summary>The folder for the kept result; null for beside the labels. Default null.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Threads that check, 1 or more. Default the number of processors.</summary>
    public int Workers
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Workers), value, "The number of workers must be 1 or more.");
    } = Environment.ProcessorCount;

    /// <summary>What an error about missing labels adds: where they were looked for. Default empty.</summary>
    public string LabelHint { get; init; } = "";
}
