using System.Text.Json;
using System.Text.Json.Serialization;

namespace DistillSharp.Runtime.Profiling;

/// <summary>What a comparison of models measured, and how.</summary>
/// <param name="Results">One for each model, in the order given.</param>
/// <param name="Rounds">Rounds; in each every model had its turn.</param>
/// <param name="Runs">Timed predictions of each model in a round.</param>
/// <param name="WarmUps">Untimed predictions before.</param>
/// <param name="Starts">Processes started for each model's cold start and memory.</param>
/// <param name="Cores">The machine's processors.</param>
public sealed record BenchmarkReport(IReadOnlyList<BenchmarkResult> Results, int Rounds, int Runs, int WarmUps, int Starts, int Cores)
{
    /// <summary>The report as JSON; every number has its unit in <see cref="BenchmarkResult"/>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, BenchmarkJson.Default.BenchmarkReport);
}

/// <summary>What was measured of one model.</summary>
/// <param name="Path">The model's file.</param>
/// <param name="Inputs">The inputs and their shapes.</param>
/// <param name="Batch">Samples in one prediction.</param>
/// <param name="Threads">Threads within one operator.</param>
/// <param name="FileLength">The file's size in bytes, without weights that lie beside it.</param>
/// <param name="LatencyP50">The median time of one prediction, milliseconds.</param>
/// <param name="LatencyP95">The time that 95 of 100 predictions do not exceed, milliseconds.</param>
/// <param name="LatencyP99">The time that 99 of 100 predictions do not exceed, milliseconds.</param>
/// <param name="Throughput">Samples a second: all samples by the time of all predictions.</param>
/// <param name="ColdStart">From starting a process to its first prediction, milliseconds, the median of the starts; null where none was started.</param>
/// <param name="PeakMemory">The largest resident memory of a process that only ran this model, bytes, the median of the starts; null where none was started.</param>
/// <param name="Ratio">How many times the first model's time a prediction takes: pairs are the medians of one round; null for the first.</param>
/// <param name="Count">Timed predictions.</param>
public sealed record BenchmarkResult(
    string Path,
    string Inputs,
    int Batch,
    int Threads,
    long FileLength,
    double LatencyP50,
    double LatencyP95,
    double LatencyP99,
    double Throughput,
    double? ColdStart,
    long? PeakMemory,
    PairedRatio? Ratio,
    int Count);

/// <summary>Writes reports without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(BenchmarkReport))]
internal sealed partial class BenchmarkJson : JsonSerializerContext;
