using DistillSharp.Tasks.Detection;

namespace DistillSharp.Runtime.Detection;

/// <summary>How a detector is scored.</summary>
public sealed record DetectionEvaluationOptions
{
    /// <summary>Which boxes count as found; default as published scores are made: confidence above 0.001, suppression at 0.7, every class of a place, at most 300 boxes a picture.</summary>
    public NonMaxSuppressionOptions Suppression { get; init; } = new() { Confidence = 0.001f, Iou = 0.7f, MultiLabel = true };

    /// <summary>Whether a file that takes any size is given rectangles of pictures of like shape, as published scores are made; default true. Otherwise squares.</summary>
    public bool Rectangular { get; init; } = true;

    /// <summary>Which of the model's classes is which of the data's; boxes of its other classes are left out. Null (default): both have the same classes in the same order.</summary>
    public ClassMapping? Classes { get; init; }

    /// <summary>Sees each batch and each picture's boxes; null (default) for nobody.</summary>
    public DetectionObserver? Observer { get; init; }
}
