namespace DistillSharp.Runtime.Comparison;

/// <summary>What a model is fed when it is only tried: the sizes that its file leaves open.</summary>
public sealed record TrialOptions
{
    /// <summary>The shape of inputs, by name. Default none: what the file declares, and the sizes below where it leaves one open.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Shapes { get; init; } = new Dictionary<string, IReadOnlyList<long>>();

    /// <summary>The size of a free first dimension, 1 or more. Default 1.</summary>
    public int Batch
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Batch), value, "The batch must be 1 or more.");
    } = 1;

    /// <summary>The side of pictures in pixels, 1 to 65,536, where the file leaves it free. Default null: the card's.</summary>
    public int? ImageSize
    {
        get;
        init => field = value is null or (> 0 and <= 65_536) ? value : throw new ArgumentOutOfRangeException(nameof(ImageSize), value, "The pictures' side must be 1 to 65,536 pixels.");
    }

    /// <summary>The seed of what is fed. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>The most elements that all inputs together may have, 1 or more. Default 2^26.</summary>
    public long MaxElements
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxElements), value, "At least one element must be allowed.");
    } = 1L << 26;
}
