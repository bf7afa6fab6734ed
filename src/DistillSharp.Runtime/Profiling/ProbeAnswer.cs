using System.Text.Json;
using System.Text.Json.Serialization;

namespace DistillSharp.Runtime.Profiling;

/// <summary>A line of a probing process: how far it is, or what it measured.</summary>
internal sealed record ProbeAnswer
{
    /// <summary>What share is done, 0 to 1; null in a line that answers.</summary>
    public double? Share { get; init; }

    /// <summary>Which of the process's models it is about, 0-based.</summary>
    public int Model { get; init; }

    /// <summary>The profile; null where it was not timed.</summary>
    public ModelProfile? Profile { get; init; }

    /// <summary>The largest resident memory, bytes; null where the process timed.</summary>
    public long? PeakMemory { get; init; }

    /// <summary>Why the model cannot be measured; null where it can.</summary>
    public string? Error { get; init; }

    /// <summary>The answer as one line.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, ProbeAnswerJson.Default.ProbeAnswer);

    /// <summary>Reads a line; null for one that is none.</summary>
    /// <param name="line">The line.</param>
    public static ProbeAnswer? Of(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize(line, ProbeAnswerJson.Default.ProbeAnswer) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Reads and writes answers without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProbeAnswer))]
internal sealed partial class ProbeAnswerJson : JsonSerializerContext;
