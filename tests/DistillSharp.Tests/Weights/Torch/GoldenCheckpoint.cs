using System.Text.Json;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Weights.Torch;

/// <summary>The checkpoints of the golden folder, and what its description says of the architectures.</summary>
internal static class GoldenCheckpoint
{
    public static string Folder => SharedFolder.Golden("yolo");

    public static string[] All
    {
        get
        {
            string[] files = [.. Directory.GetFiles(Folder, "*.pt").Order(StringComparer.Ordinal)];
            Assert.NotEmpty(files);
            return files;
        }
    }

    /// <summary>Names and shapes in order, as PyTorch listed them; null where the description has none of that model.</summary>
    public static (string Name, long[] Shape, string Type)[]? Described(string model)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "arch.json")));
        return json.RootElement.TryGetProperty("state_dict_" + model, out var entries)
            ? [.. entries.EnumerateArray().Select(entry => (entry.GetProperty("name").GetString()!, entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray(), entry.GetProperty("dtype").GetString()!))]
            : null;
    }
}
