using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DistillSharp.Weights;

/// <summary>A checkpoint's metadata as the texts of a safetensors file, and back.</summary>
internal static class CheckpointTexts
{
    private const string Names = "names", Task = "task", Strides = "stride", License = "license", Version = "version", Date = "date", Epoch = "epoch", Size = "imgsz", Yaml = "yaml";

    private static readonly JsonSerializerOptions s_json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static IReadOnlyDictionary<string, string> Write(CheckpointMetadata metadata)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        void Set(string key, string? value)
        {
            if (value is not null)
            {
                texts[key] = value;
            }
        }

        Set(Names, metadata.Names is { } names ? JsonSerializer.Serialize(names.OrderBy(pair => pair.Key).ToDictionary(pair => pair.Key.ToString(CultureInfo.InvariantCulture), pair => pair.Value)) : null);
        Set(Strides, metadata.Strides.Count > 0 ? JsonSerializer.Serialize(metadata.Strides, s_json) : null);
        Set(Yaml, metadata.Yaml is { } yaml ? JsonSerializer.Serialize(yaml, s_json) : null);
        Set(Task, metadata.Task);
        Set(License, metadata.License);
        Set(Version, metadata.Version);
        Set(Date, metadata.Date);
        Set(Epoch, metadata.Epoch?.ToString(CultureInfo.InvariantCulture));
        Set(Size, metadata.ImageSize?.ToString(CultureInfo.InvariantCulture));
        return texts;
    }

    /// <summary>What is there and makes sense: a stranger's texts under the same keys may mean anything.</summary>
    public static CheckpointMetadata Read(IReadOnlyDictionary<string, string> texts)
    {
        var names = Json(texts, Names) is IReadOnlyDictionary<string, object?> told ? CheckpointValues.Names(told.Select(pair => (NumberOf(pair.Key), pair.Value))) : null;
        return new()
        {
            Names = names,
            Classes = names?.Count,
            Strides = Json(texts, Strides) is IReadOnlyList<object?> strides ? [.. strides.Select(stride => stride switch { long whole => whole, double real => real, _ => 0.0 }).Where(stride => stride > 0)] : [],
            Yaml = Json(texts, Yaml) as IReadOnlyDictionary<string, object?>,
            Task = CheckpointValues.Text(texts.GetValueOrDefault(Task)),
            License = CheckpointValues.Text(texts.GetValueOrDefault(License)),
            Version = CheckpointValues.Text(texts.GetValueOrDefault(Version)),
            Date = CheckpointValues.Text(texts.GetValueOrDefault(Date)),
            Epoch = long.TryParse(texts.GetValueOrDefault(Epoch), CultureInfo.InvariantCulture, out long epoch) ? epoch : null,
            TrainingArguments = long.TryParse(texts.GetValueOrDefault(Size), CultureInfo.InvariantCulture, out long size) ? new Dictionary<string, object?> { [Size] = size } : new(),
        };
    }

    private static object? NumberOf(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static object? Json(IReadOnlyDictionary<string, string> texts, string key)
    {
        if (!texts.TryGetValue(key, out string? text))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            return Value(json.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static object? Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().GroupBy(entry => entry.Name).ToDictionary(group => group.Key, group => Value(group.Last().Value), StringComparer.Ordinal),
        JsonValueKind.Array => (object?[])[.. element.EnumerateArray().Select(Value)],
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out long whole) ? (object)whole : element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
