using System.IO.Compression;
using System.Text.Json;
using Xunit;

namespace DistillSharp.TestKit.Golden;

/// <summary>The checkpoints of the golden folder that is named, and of the one beside the checkout, with what their description says of them.</summary>
public static class GoldenCheckpoint
{
    /// <summary>The folder that is named, which must hold a case, and the one beside the checkout where that is another: a folder of further cases may refer to its checkpoints.</summary>
    public static IReadOnlyList<string> Folders
    {
        get
        {
            string named = SharedFolder.Golden("yolo");
            GoldenFiles.In(named, "*");
            return [.. new[] { named, Path.Combine(SharedFolder.DefaultGoldenRoot, "yolo") }.Distinct().Where(Directory.Exists)];
        }
    }

    /// <summary>Every checkpoint; of two with one name, that of the folder that is named.</summary>
    public static IReadOnlyList<string> All => Files("*.pt");

    /// <summary>The checkpoints that hold a whole model and not its weights alone, the smallest first.</summary>
    public static IReadOnlyList<string> Models => [.. All.Where(path => Pickle(path).AsSpan().IndexOf("DetectionModel"u8) >= 0).OrderBy(Length)];

    /// <summary>The smallest checkpoint of a whole model: for tests that any detector serves.</summary>
    public static string Smallest => Models is [var first, ..] ? first : throw new InvalidOperationException($"No checkpoint of {string.Join(" or ", Folders)} holds a model.");

    /// <summary>Every case of a forward pass.</summary>
    public static IReadOnlyList<string> Forwards => Files("*forward*.npz");

    /// <summary>The pickle of a checkpoint.</summary>
    /// <param name="path">The checkpoint.</param>
    public static byte[] Pickle(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        using var stream = zip.Entries.Single(entry => entry.Name == "data.pkl").Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

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

    /// <summary>The bytes of a file; those of a link's target.</summary>
    private static long Length(string path)
    {
        using var file = File.OpenRead(path);
        return file.Length;
    }

    private static List<string> Files(string pattern)
    {
        List<string> files = [.. Folders.SelectMany(folder => Directory.GetFiles(folder, pattern)).DistinctBy(Path.GetFileName).OrderBy(Path.GetFileName, StringComparer.Ordinal)];
        Assert.NotEmpty(files);
        return files;
    }
}
