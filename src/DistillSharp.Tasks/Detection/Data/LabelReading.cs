namespace DistillSharp.Tasks.Detection.Data;

/// <summary>What was read of one picture's boxes.</summary>
/// <param name="Labels">The boxes, without duplicates.</param>
public sealed record LabelReading(IReadOnlyList<BoxLabel> Labels)
{
    /// <summary>Whether there was nothing to read: a background picture.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Why the picture must be left out: a broken label file makes the whole picture useless. Null where it need not.</summary>
    public string? Corrupt { get; init; }

    /// <summary>What was left out or looks wrong: file, line, reason.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Boxes of classes that the set does not have: the set cannot be opened. File, line, reason.</summary>
    public IReadOnlyList<string> UnknownClasses { get; init; } = [];
}
