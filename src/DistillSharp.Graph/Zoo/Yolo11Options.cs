namespace DistillSharp.Graph.Zoo;

/// <summary>The options of <see cref="Yolo11.Create"/>: a YOLO11 of any size. The defaults are those of <c>yolo11n</c>.</summary>
public sealed record Yolo11Options : DetectorOptions
{
    /// <summary>What the channels of the full-size model are multiplied by before they are rounded up to a multiple of 8; above 0, up to 4. Default 0.25.</summary>
    public double WidthMultiple
    {
        get;
        init => field = value is > 0 and <= 4 ? value : throw new ArgumentOutOfRangeException(nameof(WidthMultiple), value, "Channels are multiplied by a number above 0, up to 4; 0.25 to 1.5 in the published models.");
    } = 0.25;

    /// <summary>What the repeats of the full-size model's blocks are multiplied by before they are rounded; above 0, up to 4. Default 0.5.</summary>
    public double DepthMultiple
    {
        get;
        init => field = value is > 0 and <= 4 ? value : throw new ArgumentOutOfRangeException(nameof(DepthMultiple), value, "Repeats are multiplied by a number above 0, up to 4; 0.5 or 1 in the published models.");
    } = 0.5;

    /// <summary>The most channels of the full-size model before they are multiplied, 64 to 4096. Default 1024.</summary>
    public int MaxChannels
    {
        get;
        init => field = value is >= 64 and <= 4096 ? value : throw new ArgumentOutOfRangeException(nameof(MaxChannels), value, "The most channels are 64 to 4096; 512 or 1024 in the published models.");
    } = 1024;

    /// <summary>Whether all C3k2 blocks hold C3k blocks, as in sizes m and up, or only the three deepest. Default false.</summary>
    public bool NestedEverywhere { get; init; }
}
