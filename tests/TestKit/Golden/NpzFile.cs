using System.IO.Compression;

namespace DistillSharp.TestKit.Golden;

/// <summary>NumPy's archive of arrays: a zip of <c>.npy</c> entries.</summary>
public static class NpzFile
{
    /// <summary>Reads every array of a file.</summary>
    /// <param name="path">The file.</param>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            using var stream = entry.Open();
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            arrays.Add(Path.GetFileNameWithoutExtension(entry.FullName), NpyArray.Parse($"{path}: {entry.FullName}", memory.ToArray()));
        }

        return arrays;
    }
}
