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

    /// <summary>
    /// The checkpoint of a case: <c>yolo11n.pt</c> for <c>forward_yolo11n_rect.npz</c>, the longest name that the case's own has as a word; looked for
    /// beside it, then in the folder that lies beside the checkout.
    /// </summary>
    public static string Of(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path);
        string fallback = Path.Combine(SharedFolder.RepositoryRoot, "..", "shared", "golden", "yolo");
        string? found = new[] { Path.GetDirectoryName(path)!, fallback }.Where(Directory.Exists)
            .Select(folder => Directory.GetFiles(folder, "*.pt").Where(file => $"_{stem}_".Contains($"_{Path.GetFileNameWithoutExtension(file)}_", StringComparison.Ordinal)).MaxBy(file => file.Length))
            .FirstOrDefault(file => file is not null);
        Assert.True(found is not null, $"'{path}' has no checkpoint.");
        return found;
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
