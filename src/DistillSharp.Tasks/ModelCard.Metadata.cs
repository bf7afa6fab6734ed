using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks;

public sealed partial record ModelCard
{
    private const string Prefix = "distillsharp.", ProvenancePrefix = "distillsharp.provenance.";
    private const string TaskKey = Prefix + "task", NamesKey = Prefix + "names", InputKey = Prefix + "input", MeanKey = Prefix + "mean", DeviationKey = Prefix + "std", StrideKey = Prefix + "stride";
    private const int MaxClasses = 1_000_000, MaxSide = 65_536;

    /// <summary>Writes the card as the entries that go into an ONNX file's <c>metadata_props</c>.</summary>
    /// <returns>Keys that begin with <c>distillsharp.</c>, and their values.</returns>
    public IReadOnlyDictionary<string, string> ToMetadata()
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [TaskKey] = Task,
            [NamesKey] = JsonSerializer.Serialize([.. ClassNames], ModelCardJson.Default.StringArray),
            [InputKey] = string.Create(CultureInfo.InvariantCulture, $"{Input.Channels}x{Input.Height}x{Input.Width}"),
            [MeanKey] = Join(Input.Mean),
            [DeviationKey] = Join(Input.Deviation),
        };
        if (Stride is { } stride)
        {
            metadata[StrideKey] = stride.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (key, value) in Provenance)
        {
            metadata[ProvenancePrefix + key] = value;
        }

        return metadata;
    }

    /// <summary>Reads a card out of an ONNX file's <c>metadata_props</c>: our own entries, or those of a detector that Ultralytics exported.</summary>
    /// <param name="metadata">The entries.</param>
    /// <returns>The card; null where the file carries none.</returns>
    /// <exception cref="DataException">There is a card, but it is damaged.</exception>
    public static ModelCard? FromMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (!metadata.TryGetValue(TaskKey, out string? task))
        {
            return FromUltralytics(metadata);
        }

        string[] names;
        try
        {
            names = JsonSerializer.Deserialize(Required(metadata, NamesKey), ModelCardJson.Default.StringArray) ?? [];
            if (names.Contains(null!))
            {
                throw new JsonException("A name is null.");
            }
        }
        catch (JsonException error)
        {
            throw new DataException($"The model's card is damaged: '{NamesKey}' is no JSON list of class names.", error);
        }

        int[] sizes = [.. Required(metadata, InputKey).Split('x').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : 0)];
        float[] mean = Split(metadata, MeanKey), deviation = Split(metadata, DeviationKey);
        if (names.Length is 0 or > MaxClasses || sizes.Length != 3 || sizes.Any(size => size is <= 0 or > MaxSide) || mean.Length != sizes[0] || deviation.Length != sizes[0] || deviation.Any(value => value <= 0))
        {
            throw new DataException(
                $"The model's card is damaged: {names.Length} class names, input '{Required(metadata, InputKey)}', {mean.Length} means and {deviation.Length} deviations do not fit together.");
        }

        return new(task, names, new(sizes[0], sizes[1], sizes[2], mean, deviation))
        {
            Stride = StrideOf(metadata),
            Provenance = metadata
                .Where(pair => pair.Key.StartsWith(ProvenancePrefix, StringComparison.Ordinal))
                .ToDictionary(pair => pair.Key[ProvenancePrefix.Length..], pair => pair.Value, StringComparer.Ordinal),
        };
    }

    private static int? StrideOf(IReadOnlyDictionary<string, string> metadata) =>
        !metadata.TryGetValue(StrideKey, out string? text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int stride) && stride is >= 1 and <= MaxSide ? stride
        : throw new DataException($"The model's card is damaged: '{StrideKey}' holds '{text}', which is no stride.");

    private static string Join(IEnumerable<float> values) => string.Join(",", values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));

    private static string Required(IReadOnlyDictionary<string, string> metadata, string key) =>
        metadata.TryGetValue(key, out string? value) ? value : throw new DataException($"The model's card is damaged: it has no '{key}'.");

    private static float[] Split(IReadOnlyDictionary<string, string> metadata, string key) =>
        [.. Required(metadata, key).Split(',').Select(part => float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
            ? value
            : throw new DataException($"The model's card is damaged: '{key}' holds '{part}', which is no number."))];
}

/// <summary>Reads and writes the card's lists without reflection.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class ModelCardJson : JsonSerializerContext;
