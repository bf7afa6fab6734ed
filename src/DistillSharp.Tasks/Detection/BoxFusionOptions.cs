namespace DistillSharp.Tasks.Detection;

/// <summary>How the boxes of several detectors become one set.</summary>
public sealed record BoxFusionOptions
{
    /// <summary>A box joins the fused box of its class that it overlaps most, if by more than this (intersection over union, 0 to 1); default 0.55, as published.</summary>
    public float Iou
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Iou), value, "The intersection over union must be from 0 to 1.");
    } = 0.55f;

    /// <summary>What a fused box's confidence must exceed to be told, 0 to 1; default 0, for all.</summary>
    public float Confidence
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Confidence), value, "The confidence must be from 0 to 1.");
    }

    /// <summary>How much each detector counts, 0 or more, not all 0; only their ratios matter. Empty (default) for all alike.</summary>
    public IReadOnlyList<float> Weights
    {
        get;
        init => field = value is not null && value.All(one => float.IsFinite(one) && one >= 0) && (value.Count == 0 || value.Any(one => one > 0))
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Weights), value, "Weights must be finite, 0 or more, and one of them above 0.");
    } = [];
}
