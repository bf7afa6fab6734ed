using DistillSharp.Tasks.Data;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Detection.Data;

/// <summary>The pictures that a data.yaml's entries lead to: all of a folder and the folders in it, or the lines of a list file.</summary>
internal sealed class PictureListing
{
    private const long MaxListBytes = 1L << 30;
    private readonly List<string> _pictures = [], _remarks = [];
    private readonly SortedDictionary<string, int> _otherFormats = new(StringComparer.Ordinal);

    /// <summary>The pictures' full paths, in ordinal order.</summary>
    public IReadOnlyList<string> Pictures => [.. _pictures.Order(StringComparer.Ordinal)];

    /// <summary>What was left out: file, line, reason.</summary>
    public IReadOnlyList<string> Remarks =>
        [.. _remarks, .. _otherFormats.Select(pair => $"{pair.Value:N0} files ending in {pair.Key} left out: of pictures, {string.Join(", ", ImageFile.Extensions)} are read")];

    /// <summary>Takes the pictures of an entry.</summary>
    /// <param name="path">A folder or a list file.</param>
    /// <param name="root">The set's folder.</param>
    /// <exception cref="DataException">It is neither.</exception>
    public void Add(string path, string root)
    {
        try
        {
            if (Directory.Exists(path))
            {
                AddFolder(path);
            }
            else if (!File.Exists(path))
            {
                throw new DataException($"'{path}' does not exist. An entry is a folder of pictures or a list file (.txt); names are case-sensitive.");
            }
            else if (new FileInfo(path).Length > MaxListBytes)
            {
                throw new DataException($"'{path}' has {new FileInfo(path).Length:N0} bytes; a list of pictures has at most {MaxListBytes:N0}.");
            }
            else
            {
                AddList(path, root);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{path}' cannot be read: {error.Message}", error);
        }
    }

    private static bool IsPicture(string path) => ImageFile.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private void AddFolder(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.System, MaxRecursionDepth = 32 }))
        {
            if (IsPicture(path))
            {
                _pictures.Add(path);
            }
            else if (Path.GetExtension(path).ToUpperInvariant() is ".TIF" or ".TIFF" or ".HEIC" or ".DNG" or ".MPO" or ".PFM" or ".AVIF" or ".JP2")
            {
                string ending = Path.GetExtension(path).ToLowerInvariant();
                _otherFormats[ending] = _otherFormats.GetValueOrDefault(ending) + 1;
            }
        }
    }

    private void AddList(string list, string root)
    {
        int number = 0;
        foreach (string line in File.ReadLines(list))
        {
            number++;
            string entry = line.Trim();
            if (entry.Length == 0)
            {
                continue;
            }

            if (entry.AsSpan().ContainsAny('\0', '\uFFFD'))
            {
                throw new DataException($"{list}, line {number}: no path of a picture. A list file is text with a path a line.");
            }

            string[] candidates = [Path.GetFullPath(Path.Combine(Path.GetDirectoryName(list)!, entry)), Path.GetFullPath(Path.Combine(root, entry)), Path.GetFullPath(entry)];
            if (!IsPicture(entry))
            {
                _remarks.Add($"{list}, line {number}: ignoring '{entry}': it ends in none of {string.Join(", ", ImageFile.Extensions)}");
            }
            else if (candidates.FirstOrDefault(File.Exists) is { } found)
            {
                _pictures.Add(found);
            }
            else
            {
                _remarks.Add($"{list}, line {number}: ignoring corrupt image/label: '{candidates[0]}' does not exist");
            }
        }
    }
}
