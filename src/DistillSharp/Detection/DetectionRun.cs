using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Detection.Metrics;
using DistillSharp.Training;

namespace DistillSharp.Detection;

/// <summary>What a detector's training came to.</summary>
/// <param name="Folder">The run's folder: <c>weights/best.onnx</c>, <c>weights/last.onnx</c>, <c>results.csv</c>, curves and pictures.</param>
/// <param name="Training">Every epoch, and which was best.</param>
/// <param name="Score">The best epoch's file, scored on the validation pictures.</param>
/// <param name="Speed">The time a picture took in that.</param>
/// <param name="ClassNames">The classes' names, by 0-based class.</param>
public sealed record DetectionRun(string Folder, TrainingResult Training, DetectionScore Score, DetectionSpeed Speed, IReadOnlyList<string> ClassNames)
{
    /// <summary>The best epoch's model.</summary>
    public string BestPath => Path.Combine(Folder, "weights", "best.onnx");
}
