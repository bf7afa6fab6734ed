using DistillSharp.Runtime.Comparison;

namespace DistillSharp.Trainability;

/// <summary>How <see cref="TrainabilityProof"/> tries a model, and how much it may cost.</summary>
public sealed record TrainabilityOptions
{
    /// <summary>What is fed: a batch of 2 and what the file leaves open. Default: a batch of 2, seed 0.</summary>
    public TrialOptions Trial { get; init; } = new() { Batch = 2 };

    /// <summary>The outputs that are learnt from; none (default) means all of them.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>The most trainable elements of a model that is tried, 1 or more; weights and gradients lie in memory. Default 2^28, 1 GiB of each.</summary>
    public long MaxParameters
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxParameters), value, "At least one parameter must be allowed.");
    } = 1L << 28;

    /// <summary>The most elements of all values between inputs and outputs together, 1 or more. Default 2^29, 2 GiB.</summary>
    public long MaxValues
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxValues), value, "At least one element must be allowed.");
    } = 1L << 29;

    /// <summary>The most multiply-accumulates of one forward of the batch, 1 or more. Default 2^37, about a minute on a few cores.</summary>
    public long MaxMacs
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxMacs), value, "At least one multiply-accumulate must be allowed.");
    } = 1L << 37;
}
