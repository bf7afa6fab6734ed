namespace DistillSharp.Tasks.Detection;

/// <summary>Which of a detector's boxes count as found.</summary>
public sealed record NonMaxSuppressionOptions
{
    /// <summary>What a box's confidence must exceed, 0 to 1; default 0.25. A validation uses 0.001.</summary>
    public float Confidence
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Confidence), value, "The confidence must be from 0 to 1.");
    } = 0.25f;

    /// <summary>A box that overlaps a surer one of its class by more than this (intersection over union, 0 to 1) is dropped; default 0.7.</summary>
    public float Iou
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Iou), value, "The intersection over union must be from 0 to 1.");
    } = 0.7f;

    /// <summary>Whether a place may be of several classes: each class above the confidence counts, not only the best one. Default false; a validation says true.</summary>
    public bool MultiLabel { get; init; }

    /// <summary>Whether boxes of different classes drop each other too; default false.</summary>
    public bool ClassAgnostic { get; init; }

    /// <summary>The most boxes of one picture, 1 or more; default 300.</summary>
    public int MaxDetections
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MaxDetections), value, "The most boxes of a picture must be 1 or more.");
    } = 300;

    /// <summary>The most candidates of one picture that are compared, the surest first, 1 or more; default 30,000.</summary>
    public int MaxCandidates
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MaxCandidates), value, "The most candidates of a picture must be 1 or more.");
    } = 30_000;

    /// <summary>The 0-based classes that are told; empty (default) for all.</summary>
    public IReadOnlyList<int> Classes
    {
        get;
        init => field = value is not null && value.All(one => one >= 0) ? value : throw new ArgumentOutOfRangeException(nameof(Classes), value, "Classes are numbered from 0.");
    } = [];
}
