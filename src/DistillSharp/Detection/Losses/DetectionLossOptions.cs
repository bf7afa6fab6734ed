namespace DistillSharp.Detection.Losses;

/// <summary>The options of <see cref="DetectionLoss"/>. The defaults are YOLO11's.</summary>
public sealed record DetectionLossOptions
{
    /// <summary>The number of classes, 1 or more.</summary>
    public required int Classes
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Classes), value, "A detector must have at least 1 class.");
    }

    /// <summary>Pixels of the input per cell of each map, in the maps' order; each 1 or more. Default 8, 16, 32.</summary>
    public IReadOnlyList<int> Strides
    {
        get;
        init => field = value is { Count: > 0 } && value.All(stride => stride >= 1)
            ? [.. value]
            : throw new ArgumentOutOfRangeException(nameof(Strides), $"[{string.Join(", ", value ?? [])}]", "There must be at least one stride, and each must be 1 or more; a YOLO11 has 8, 16, 32.");
    } = [8, 16, 32];

    /// <summary>How many distances, 0 to this minus 1 cells, the distribution of a box's side is over; 2 or more. Default 16.</summary>
    public int RegMax
    {
        get;
        init => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(RegMax), value, "A distribution needs at least 2 distances; a YOLO11 has 16.");
    } = 16;

    /// <summary>The factor of the boxes' overlap in the total, 0 or more. Default 7.5.</summary>
    public double BoxGain
    {
        get;
        init => field = Gain(value, nameof(BoxGain));
    } = 7.5;

    /// <summary>The factor of the class scores in the total, 0 or more. Default 0.5.</summary>
    public double ClassGain
    {
        get;
        init => field = Gain(value, nameof(ClassGain));
    } = 0.5;

    /// <summary>The factor of the sides' distributions in the total, 0 or more. Default 1.5.</summary>
    public double DistributionGain
    {
        get;
        init => field = Gain(value, nameof(DistributionGain));
    } = 1.5;

    /// <summary>How many anchors a true box may claim, 1 or more; 5 to 20 in practice. Default 10.</summary>
    public int TopK
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(TopK), value, "A true box must be able to claim at least 1 anchor; 5 to 20 in practice.");
    } = 10;

    /// <summary>The power of the class score in an anchor's alignment with a true box, 0 or more. Default 0.5.</summary>
    public double Alpha
    {
        get;
        init => field = Power(value, nameof(Alpha));
    } = 0.5;

    /// <summary>The power of the overlap in an anchor's alignment with a true box, 0 or more. Default 6.</summary>
    public double Beta
    {
        get;
        init => field = Power(value, nameof(Beta));
    } = 6;

    private static double Gain(double value, string name) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "A gain must be 0 or more.");

    private static double Power(double value, string name) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "A power of the alignment must be 0 or more.");
}
