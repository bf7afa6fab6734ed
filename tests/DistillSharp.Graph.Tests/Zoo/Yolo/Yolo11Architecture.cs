using System.Text.Json;
using DistillSharp.TestKit.Golden;

namespace DistillSharp.Graph.Tests.Zoo.Yolo;

/// <summary>The reference's own description of its models, <c>arch.json</c>.</summary>
internal static class Yolo11Architecture
{
    public static JsonElement Read()
    {
        // A folder of further cases need not describe the models again.
        using var file = JsonDocument.Parse(File.ReadAllBytes(GoldenCheckpoint.Folders.Select(folder => Path.Combine(folder, "arch.json")).First(File.Exists)));
        return file.RootElement.Clone();
    }

    /// <summary>The models, each checked; says how many there were and fails when there was none.</summary>
    public static void ForEach(Action<string, JsonElement> check)
    {
        int count = 0;
        foreach (var model in Read().GetProperty("models").EnumerateObject())
        {
            check(model.Name, model.Value);
            count++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} golden models");
        Assert.True(count > 0, "arch.json holds no model.");
    }

    /// <summary>The entries whose names are a prefix and a model's key, such as <c>state_dict_yolo11n</c>; fails when there is none.</summary>
    public static IReadOnlyList<(string Key, JsonElement Value)> Of(string prefix)
    {
        List<(string, JsonElement)> found = [.. Read().EnumerateObject().Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(entry => (entry.Name[prefix.Length..], entry.Value))];
        Assert.True(found.Count > 0, $"arch.json has no entry '{prefix}…'.");
        return found;
    }

    /// <summary>The last part of a dotted name: the reference's class of a layer.</summary>
    public static string TypeOf(JsonElement layer) => layer.GetProperty("type").GetString()!.Split('.')[^1];

    public static long[] Longs(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetInt64())];
}
