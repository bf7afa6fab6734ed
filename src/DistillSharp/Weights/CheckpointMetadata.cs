namespace DistillSharp.Weights;

/// <summary>What a checkpoint says of itself. Everything may be missing: plain state dicts say nothing.</summary>
/// <remarks>Values of the dictionaries are null, bool, long, double, string, lists (<c>IReadOnlyList&lt;object?&gt;</c>) and dictionaries of the same.</remarks>
public sealed record CheckpointMetadata
{
    /// <summary>The classes' names by 0-based class; null if unknown.</summary>
    public IReadOnlyDictionary<int, string>? Names { get; init; }

    /// <summary>The names as a list, by 0-based class; null where they are unknown or some are missing.</summary>
    public IReadOnlyList<string>? ClassNames => Names is { } names && Enumerable.Range(0, names.Count).All(names.ContainsKey) ? [.. Enumerable.Range(0, names.Count).Select(label => names[label])] : null;

    /// <summary>The number of classes; null if unknown.</summary>
    public int? Classes { get; init; }

    /// <summary>The pixels between neighbouring cells of each detection level, finest first: 8, 16, 32. Empty if unknown.</summary>
    public IReadOnlyList<double> Strides { get; init; } = [];

    /// <summary>The task: <c>detect</c>, <c>classify</c>; null if unknown.</summary>
    public string? Task { get; init; }

    /// <summary>The class of the saved model: <c>ultralytics.nn.tasks.DetectionModel</c>; null for a state dict.</summary>
    public string? ModelClass { get; init; }

    /// <summary>The licence it names; null if it names none.</summary>
    public string? License { get; init; }

    /// <summary>The version of the software that wrote it; null if unknown.</summary>
    public string? Version { get; init; }

    /// <summary>When it was written, as it says; null if unknown.</summary>
    public string? Date { get; init; }

    /// <summary>The 0-based epoch it was written after; -1 for a finished training, null if unknown.</summary>
    public long? Epoch { get; init; }

    /// <summary>The options of its training by name, such as <c>imgsz</c>. Empty if unknown.</summary>
    public IReadOnlyDictionary<string, object?> TrainingArguments { get; init; } = new Dictionary<string, object?>();

    /// <summary>The model's description (<c>nc</c>, <c>scales</c>, <c>scale</c>, <c>backbone</c>, <c>head</c>, <c>yaml_file</c>); null if there is none.</summary>
    public IReadOnlyDictionary<string, object?>? Yaml { get; init; }

    /// <summary>The side of the pictures it was trained with, pixels; null if unknown.</summary>
    public int? ImageSize => TrainingArguments.GetValueOrDefault("imgsz") is long size and > 0 and <= 65_536 ? (int)size : null;
}
