namespace DistillSharp.Weights;

/// <summary>How a checkpoint is read.</summary>
public sealed record CheckpointOptions
{
    /// <summary>Whether floats stay as they are stored (float16, bfloat16, float64); otherwise they become float32. Whole numbers stay as they are. Default false.</summary>
    public bool AsStored { get; init; }
}
