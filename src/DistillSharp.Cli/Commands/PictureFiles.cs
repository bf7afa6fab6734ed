using DistillSharp.Tasks.Images;

namespace DistillSharp.Cli.Commands;

/// <summary>The pictures that are meant by files, folders and patterns.</summary>
internal static class PictureFiles
{
    /// <summary>Files as they are; folders' pictures and those that fit a pattern, by name.</summary>
    /// <exception cref="ArgumentException">A folder or a pattern has none.</exception>
    public static IReadOnlyList<string> Of(IEnumerable<string> given) => [.. given.SelectMany(One).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<string> One(string given)
    {
        if (Directory.Exists(given))
        {
            return Some(Directory.EnumerateFiles(given), $"The folder '{given}' holds no pictures ({string.Join(", ", ImageFile.Extensions)}).");
        }

        string name = Path.GetFileName(given), folder = Path.GetDirectoryName(given) ?? "";
        if (File.Exists(given) || name.AsSpan().IndexOfAny('*', '?') < 0)
        {
            return [given];
        }

        bool deep = Path.GetFileName(folder) == "**";
        folder = deep ? Path.GetDirectoryName(folder) ?? "" : folder;
        string root = folder.Length > 0 ? folder : ".";
        if (!Directory.Exists(root))
        {
            throw new ArgumentException($"The folder '{root}' of the pattern '{given}' does not exist.");
        }

        var files = Directory.EnumerateFiles(root, name, deep ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly);
        return Some(folder.Length > 0 ? files : files.Select(file => Path.GetRelativePath(".", file)), $"No picture fits '{given}'.");
    }

    private static List<string> Some(IEnumerable<string> files, string none)
    {
        var found = files.Where(file => ImageFile.Extensions.Contains(Path.GetExtension(file).ToLowerInvariant())).Order(StringComparer.Ordinal).ToList();
        return found.Count > 0 ? found : throw new ArgumentException(none);
    }
}
