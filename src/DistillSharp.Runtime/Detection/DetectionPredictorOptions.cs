using DistillSharp.Tasks.Detection;

namespace DistillSharp.Runtime.Detection;

/// <summary>How a predictor looks at pictures.</summary>
public sealed record DetectionPredictorOptions
{
    /// <summary>Which boxes count as found; default confidence above 0.25, suppression at 0.7, the best class of a place, at most 300 boxes.</summary>
    public NonMaxSuppressionOptions Suppression { get; init; } = new();

    /// <summary>The side that pictures are scaled to, pixels: a multiple of the model's stride, 32 to 8192. Null (default) for what the file fixes or its card says, otherwise 640.</summary>
    public int? ImageSize
    {
        get;
        init => field = value is null or (>= 32 and <= 8192) ? value : throw new ArgumentOutOfRangeException(nameof(ImageSize), value, "The image size must be from 32 to 8192.");
    }

    /// <summary>Whether a file that takes any size is given the smallest rectangle that holds the picture; default true. Otherwise a square.</summary>
    public bool Rectangular { get; init; } = true;

    /// <summary>The threads within one operator, 0 (default) for one a core.</summary>
    public int Threads
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Threads), value, "The number of threads must be 0 (one a core) or more.");
    }
}
