using System.Text.Json.Serialization;

namespace DistillSharp.Runtime.Profiling;

/// <summary>How fast a model runs and what memory it takes, on this machine.</summary>
/// <param name="Threads">The threads of ONNX Runtime.</param>
/// <param name="LatencyP50">The median time of a prediction of <see cref="LatencyBatch"/> images, milliseconds.</param>
/// <param name="LatencyP95">The time that 95 of 100 such predictions do not exceed, milliseconds.</param>
/// <param name="Throughput">Images a second in batches of <see cref="Batch"/>.</param>
/// <param name="PeakMemory">The largest resident memory of a process that only ran this model in batches of <see cref="Batch"/>, bytes; null where no process was started for it.</param>
public sealed record ModelProfile(int Threads, double LatencyP50, double LatencyP95, double Throughput, long? PeakMemory)
{
    /// <summary>Images in the predictions that latency was measured with. Default 1.</summary>
    public int LatencyBatch { get; init; } = ProfilePlan.SingleImage;

    /// <summary>Images in the batches that throughput and memory were measured with. Default 32.</summary>
    public int Batch { get; init; } = ProfilePlan.LargeBatch;
}
