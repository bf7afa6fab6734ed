using System.Globalization;
using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Format;
using DistillSharp.Tasks;

namespace DistillSharp.Runtime.Profiling;

/// <summary>
/// What is measured of the models of a run, settled before anything is timed: all at the same batch, and models that differ in their weights alone once, since they do the same work.
/// </summary>
public sealed record ProfilePlan
{
    /// <summary>Images in a prediction whose latency is measured, where every file takes that.</summary>
    internal const int SingleImage = 1;

    /// <summary>Images in a batch whose throughput and memory are measured, where every file takes that.</summary>
    internal const int LargeBatch = 32;

    private ProfilePlan()
    {
    }

    /// <summary>What is measured, in the order in which the models were given.</summary>
    public required IReadOnlyList<ProfileSubject> Subjects { get; init; }

    /// <summary>Images in a prediction whose latency is measured: 1, or what a file fixes.</summary>
    public required int LatencyBatch { get; init; }

    /// <summary>Images in a batch whose throughput and memory are measured: 32, or what a file fixes.</summary>
    public required int Batch { get; init; }

    /// <summary>The models that cannot be measured beside the others, by name, with the reason as a sentence.</summary>
    public required IReadOnlyDictionary<string, string> LeftOut { get; init; }

    /// <summary>Plans the measurement of some models. A file that fixes a batch decides it for all; where several fix different ones, the last decides.</summary>
    /// <param name="models">The models: a name for each, and its ONNX file.</param>
    public static ProfilePlan Of(IReadOnlyList<(string Name, string Path)> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        var leftOut = new Dictionary<string, string>(StringComparer.Ordinal);
        var read = new List<(string Name, string Path, string Key, long? Batch)>();
        foreach (var (name, path) in models)
        {
            var graph = OnnxFile.Load(path);
            var shape = graph.Inputs is [{ Shape: { Count: > 0 } sizes }, ..] ? sizes : null;
            if (shape is null)
            {
                leftOut[name] = $"The shape of its input is not known ('{path}').";
                continue;
            }

            // Free sizes of a file are those of its card.
            var card = ModelCard.FromMetadata(new Dictionary<string, string>(graph.Metadata, StringComparer.Ordinal))?.Input;
            read.Add((name, path, string.Create(CultureInfo.InvariantCulture, $"{GraphStructure.KeyOf(graph)} {card?.Channels}x{card?.Height}x{card?.Width}"), shape[0].Size));
        }

        long? decided = read.LastOrDefault(one => one.Batch is not null).Batch;
        foreach (var (name, path, _, batch) in read.Where(one => one.Batch is not null && one.Batch != decided))
        {
            leftOut[name] = string.Create(CultureInfo.InvariantCulture, $"'{path}' takes batches of {batch} only, and the others are measured with batches of {decided}.");
        }

        return new()
        {
            Subjects = [.. read.Where(one => !leftOut.ContainsKey(one.Name)).GroupBy(one => one.Key, StringComparer.Ordinal).Select(same => new ProfileSubject(same.First().Path, [.. same.Select(one => one.Name)]))],
            LatencyBatch = (int)(decided ?? SingleImage),
            Batch = (int)(decided ?? LargeBatch),
            LeftOut = leftOut,
        };
    }
}

/// <summary>Models that do the same work and are measured once.</summary>
/// <param name="Path">The file that is measured: the first one's.</param>
/// <param name="Names">The names of all of them.</param>
public sealed record ProfileSubject(string Path, IReadOnlyList<string> Names);
