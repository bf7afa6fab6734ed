namespace DistillSharp.Runtime.Profiling;

/// <summary>How models are compared by <see cref="ModelBenchmark"/>.</summary>
public sealed record BenchmarkOptions
{
    /// <summary>Samples in one prediction, 1 or more. Default null: the batch the file fixes, 1 where it is free.</summary>
    public int? Batch
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Batch), value, "The batch must be 1 or more.");
    }

    /// <summary>The side of the pictures in pixels, 1 to 65,536, where the file leaves it free. Default null: the card's.</summary>
    public int? ImageSize
    {
        get;
        init => field = value is null or (> 0 and <= 65_536) ? value : throw new ArgumentOutOfRangeException(nameof(ImageSize), value, "The pictures' side must be 1 to 65,536 pixels.");
    }

    /// <summary>Threads within one operator, 0 (default) for one a core.</summary>
    public int Threads
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Threads), value, "The number of threads must be 0 (one a core) or more.");
    }

    /// <summary>Untimed predictions of each model before the first round, 0 or more. Default 10.</summary>
    public int WarmUps
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(WarmUps), value, "The untimed predictions must be 0 or more.");
    } = 10;

    /// <summary>Timed predictions of each model in a round, 1 or more. Default 20.</summary>
    public int Runs
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Runs), value, "The predictions of a round must be 1 or more.");
    } = 20;

    /// <summary>Rounds, 1 or more; in each every model has its turn. Default 20.</summary>
    public int Rounds
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Rounds), value, "The rounds must be 1 or more.");
    } = 20;

    /// <summary>Processes started for the cold start and the memory of each model; 0 leaves both out. Default 3.</summary>
    public int Starts
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Starts), value, "The process starts must be 0 or more.");
    } = 3;
}
