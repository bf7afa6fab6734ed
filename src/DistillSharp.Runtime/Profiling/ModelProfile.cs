using System.Text.Json.Serialization;

namespace DistillSharp.Runtime.Profiling;

/// <summary>How fast a model runs and what memory it takes, on this machine.</summary>
/// <param name="Threads">The threads of ONNX Runtime.</param>
/// <param name="LatencyP50">The median time of one picture, milliseconds.</param>
/// <param name="LatencyP95">The time that 95 of 100 single pictures stay below, milliseconds.</param>
/// <param name="Throughput">Pictures a second at batch 32.</param>
/// <param name="PeakMemory">The largest resident memory of a process that did only this, bytes; null when measured inside a process that did more.</param>
public sealed record ModelProfile(int Threads, double LatencyP50, double LatencyP95, double Throughput, long? PeakMemory);

/// <summary>Reads and writes profiles without reflection.</summary>
[JsonSerializable(typeof(ModelProfile))]
internal sealed partial class ModelProfileJson : JsonSerializerContext;
