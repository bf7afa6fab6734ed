using System.Globalization;

namespace DistillSharp.Graph.Format;

/// <summary>Weights kept in a file beside the model. The path must stay in the model's folder, and the size is bounded by the file.</summary>
internal static class ExternalData
{
    public static byte[] Read(TensorProto tensor, string? folder, long length)
    {
        if (folder is null)
        {
            throw new GraphException($"the tensor '{tensor.Name}' lies in another file; load the model by its path.");
        }

        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in tensor.ExternalData)
        {
            if (!entries.TryAdd(entry.Key, entry.Value))
            {
                throw new GraphException($"the tensor '{tensor.Name}' tells its external {entry.Key} twice.");
            }
        }

        string location = entries.GetValueOrDefault("location", "");
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        string path = location.Contains('\0', StringComparison.Ordinal) ? "" : Path.GetFullPath(Path.Combine(root, location));
        if (location.Length == 0 || Path.IsPathRooted(location) || !path.StartsWith(root, StringComparison.Ordinal))
        {
            throw new GraphException($"the tensor '{tensor.Name}' names the file '{location}', which is not in the model's folder.");
        }

        long offset = Number(entries, "offset", 0), stored = Number(entries, "length", length);
        if (!File.Exists(path))
        {
            throw new GraphException($"the tensor '{tensor.Name}' lies in '{location}', which is not beside the model. Copy it there.");
        }

        if (!RealPath.Of(path).StartsWith(Path.TrimEndingDirectorySeparator(RealPath.Of(Path.GetFullPath(folder))) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new GraphException($"the tensor '{tensor.Name}' names the file '{location}', which is a link out of the model's folder. Copy the file there.");
        }

        using var stream = File.OpenRead(path);
        if (offset < 0 || stored != length || offset > stream.Length - length)
        {
            throw new GraphException($"the tensor '{tensor.Name}' needs {length} bytes at {offset} of '{location}' (it claims {stored}), which has {stream.Length}.");
        }

        byte[] bytes = new byte[length];
        stream.Position = offset;
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static long Number(Dictionary<string, string> entries, string key, long fallback) =>
        !entries.TryGetValue(key, out string? text) ? fallback
        : long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value
        : throw new GraphException($"a tensor's external {key} is '{text}', which is no number.");
}
