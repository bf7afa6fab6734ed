using DistillSharp.Tasks.Data;

namespace DistillSharp.Detection.Data;

/// <summary>The options of <see cref="DetectionData"/>.</summary>
public sealed record DetectionDataOptions
{
    /// <summary>Where sets that are named and not pathed are looked for, and relative paths of a data.yaml that lead nowhere beside it.</summary>
    public DataLocation Location { get; init; } = new();

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
