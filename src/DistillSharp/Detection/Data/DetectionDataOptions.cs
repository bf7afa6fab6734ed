using DistillSharp.Tasks.Data;

namespace DistillSharp.Detection.Data;

/// <summary>The options of <see cref="DetectionData"/>.</summary>
public sealed record DetectionDataOptions
{
    /// <summary>Where sets that are named and not pathed are looked for, and relative paths of a data.yaml that lead nowhere beside it.</summary>
    public DataLocation Location { get; init; } = new();

    /// <summary>The folder of a COCO file's pictures; null for the usual places beside it. Default null.</summary>
    public string? Images { get; init; }

    /// <summary>The COCO file of the validation pictures; null for the one beside the training file that is named alike (train → val), or a part of the training pictures. Default null.</summary>
    public string? Validation { get; init; }

    /// <summary>The share of the pictures that validates where a COCO or VOC set has no validation pictures, above 0 and below 1. Default 0.2.</summary>
    public double ValidationShare
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(ValidationShare), value, "The validation share must be above 0 and below 1; 0.2 in practice.");
    } = 0.2;

    /// <summary>The seed of that split; it stays the same whatever the run's seed. Default 0.</summary>
    public long SplitSeed { get; init; }

    /// <summary>Whether the checked labels are kept beside the labels, or in the user's cache where that folder is read-only. Default true.</summary>
    public bool UseCache { get; init; } = true;

    /// <summary>The folder for the checked labels; null for beside the labels. Default null.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Threads that check pictures and labels, 1 or more. Default the number of processors.</summary>
    public int Workers
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Workers), value, "The number of workers must be 1 or more.");
    } = Environment.ProcessorCount;
}
