namespace DistillSharp.Losses.Relation;

/// <summary>The options of <see cref="CrdLoss"/>.</summary>
public sealed record CrdLossOptions : FeatureLossOptions
{
    /// <summary>How many samples each is contrasted with, 1 or more; of smaller data they repeat. Default 16384.</summary>
    public int Negatives
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Negatives), value, "A sample must be contrasted with 1 or more; 4096 to 16384 in practice.");
    } = 16384;

    /// <summary>What similarities are divided by, above 0. Default 0.07.</summary>
    public double Temperature
    {
        get;
        init => field = AboveZero(value, "The temperature must be above 0; 0.05 to 0.1 in practice.");
    } = 0.07;

    /// <summary>The share of a remembered embedding that stays when its sample comes again, 0 up to 1. Default 0.5.</summary>
    public double Momentum
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Momentum), value, "The momentum must be from 0 up to, not including, 1; 0.5 in practice.");
    } = 0.5;

    /// <summary>The width of the trained embeddings, 1 or more. Default 128.</summary>
    public int Width
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Width), value, "The width must be 1 or more; 128 in practice.");
    } = 128;

    /// <summary>Where they are drawn from: samples of <c>other-classes</c> (default), or <c>all-samples</c> but itself.</summary>
    public CrdNegatives NegativesFrom { get; init; }
}

/// <summary>What samples are contrasted with.</summary>
public enum CrdNegatives
{
    /// <summary>Samples of other classes.</summary>
    OtherClasses,

    /// <summary>All samples but themselves, whatever their class.</summary>
    AllSamples,
}
