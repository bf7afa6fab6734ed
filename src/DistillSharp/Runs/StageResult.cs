using DistillSharp.Tasks.Data;
using DistillSharp.Training;

namespace DistillSharp.Runs;

/// <summary>What a stage of a run made.</summary>
/// <param name="Name">The variant: <c>teacher</c>, <c>control</c>, <c>distilled</c>, <c>tuned</c>, <c>int8</c>.</param>
/// <param name="ModelName">The model's key or file.</param>
/// <param name="Path">The ONNX file.</param>
/// <param name="Training">How training went; null for a model that was not trained here.</param>
public sealed record StageResult(string Name, string ModelName, string Path, TrainingResult? Training)
{
    /// <summary>The float model that an INT8 one was made from; null for all others.</summary>
    public string? FloatPath { get; init; }

    /// <summary>The pictures the model wants, where its file carries no card that says it; null where the card does.</summary>
    public ImageInput? Input { get; init; }
}
