using System.Text.Json;
using Xunit;

namespace DistillSharp.TestKit.Golden;

/// <summary>The checkpoints of the golden folder that is named, and of the one beside the checkout, with what their description says of them.</summary>
public static class GoldenCheckpoint
{
    private static string[] Folders => [SharedFolder.Golden("yolo"), Path.GetFullPath(Path.Combine(SharedFolder.RepositoryRoot, "..", "shared", "golden", "yolo"))];

    /// <summary>Every checkpoint; of two with one name, that of the folder that is named.</summary>
    public static IReadOnlyList<string> All => Files("*.pt");

    /// <summary>Every case of a forward pass.</summary>
    public static IReadOnlyList<string> Forwards => Files("*forward*.npz");

    /// <summary>A checkpoint by its file's name.</summary>
    /// <param name="name">The name: <c>yolo11n.pt</c>.</param>
    public static string Named(string name) => All.Single(path => Path.GetFileName(path) == name);

    /// <summary>The checkpoint of a case: the longest of those whose name its own holds.</summary>
    /// <param name="path">The case's file.</param>
    public static string Of(string path)
    {
        string? found = All.Where(file => Path.GetFileName(path).Contains(Path.GetFileNameWithoutExtension(file), StringComparison.Ordinal)).MaxBy(file => Path.GetFileName(file).Length);
        Assert.True(found is not null, $"'{path}' has no checkpoint.");
        return found;
    }

    /// <summary>Names, shapes and types in order, as PyTorch listed them; null where no description has that model.</summary>
    /// <param name="model">The model's name: <c>yolo11n</c>.</param>
    public static (string Name, long[] Shape, string Type)[]? Described(string model)
    {
        foreach (string file in Files("arch.json"))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            if (json.RootElement.TryGetProperty("state_dict_" + model, out var entries))
            {
                return [.. entries.EnumerateArray().Select(entry => (entry.GetProperty("name").GetString()!, entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray(), entry.GetProperty("dtype").GetString()!))];
            }
        }

        return null;
    }

    private static List<string> Files(string pattern)
    {
        List<string> files = [.. Folders.Distinct().Where(Directory.Exists).SelectMany(folder => Directory.GetFiles(folder, pattern)).DistinctBy(Path.GetFileName).OrderBy(Path.GetFileName, StringComparer.Ordinal)];
        Assert.NotEmpty(files);
        return files;
    }
}
