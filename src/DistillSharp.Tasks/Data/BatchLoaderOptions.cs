namespace DistillSharp.Tasks.Data;

/// <summary>The options of the batch loader.</summary>
public sealed record BatchLoaderOptions
{
    /// <summary>Samples in a batch, 1 or more. Default 64.</summary>
    public int BatchSize
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(BatchSize), value, "The batch size must be 1 or more.");
    } = 64;

    /// <summary>Threads that decode and augment, 0 (the caller's own) or more. It changes the speed, never the batches. Default 1.</summary>
    public int Workers
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Workers), value, "The number of workers must be 0 or more.");
    } = 1;

    /// <summary>Whether every epoch draws a new order. Default false.</summary>
    public bool Shuffle { get; init; }

    /// <summary>Whether an incomplete last batch is left out. Default false.</summary>
    public bool DropLast { get; init; }

    /// <summary>
    /// Whether no batch may hold a single sample, where batches hold more: a last batch of one joins the batch before it, and a batch of which one sample can be read
    /// is left out. A batch norm has no variance to learn from in a batch of one. Default false.
    /// </summary>
    public bool AvoidSingle { get; init; }

    /// <summary>Whether samples that cannot be read are left out (and counted) instead of stopping the run. Default false.</summary>
    public bool SkipBad { get; init; }

    /// <summary>The seed of order and augmentation. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>The size and normalisation of the pictures in the batch; pictures of another size are resized.</summary>
    public required ImageInput Input { get; init; }

    /// <summary>What is done to each picture, in order. Default nothing.</summary>
    public IReadOnlyList<Augmentation> Augmentations { get; init; } = [];
}
