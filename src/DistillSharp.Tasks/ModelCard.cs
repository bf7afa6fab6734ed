using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks;

/// <summary>What travels inside a model file so that it can be used without anything beside it.</summary>
/// <param name="Task">The task's key: <c>classification</c> or <c>detect</c>.</param>
/// <param name="ClassNames">The classes' names, by 0-based class.</param>
/// <param name="Input">The size and normalisation of the pictures it wants.</param>
public sealed partial record ModelCard(string Task, IReadOnlyList<string> ClassNames, ImageInput Input)
{
    /// <summary>The stride that a detector's input sizes are multiples of where its card does not say.</summary>
    public const int DefaultStride = 32;

    private const int DefaultSide = 640;

    /// <summary>What a detector's input sizes must be multiples of, in pixels: its largest stride, 1 or more. Null (default) for other tasks.</summary>
    public int? Stride
    {
        get;
        init => field = value is null or (>= 1 and <= MaxSide) ? value : throw new ArgumentOutOfRangeException(nameof(Stride), value, $"The stride must be from 1 to {MaxSide}.");
    }

    /// <summary>Whether the model finds boxes.</summary>
    public bool IsDetector => Task == DetectTask;

    /// <summary>Where the model comes from: model key, recipe, data, seed. Empty if unknown.</summary>
    public IReadOnlyDictionary<string, string> Provenance { get; init; } = new Dictionary<string, string>();
}
