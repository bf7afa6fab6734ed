using System.Formats.Tar;
using System.IO.Compression;

namespace DistillSharp.Tasks.Data.Download;

/// <summary>Takes named files out of a tar.gz archive, and nothing else.</summary>
public static class TarArchive
{
    /// <summary>Unpacks the wanted files, whatever folder they lie in inside the archive.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="wanted">The files' names, without folder.</param>
    /// <param name="folder">Where they go.</param>
    /// <exception cref="DataException">The archive is damaged or lacks a file.</exception>
    public static void Extract(string archive, IReadOnlyCollection<string> wanted, string folder)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var missing = new HashSet<string>(wanted, StringComparer.Ordinal);
        try
        {
            using var unzipped = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
            using var reader = new TarReader(unzipped);
            while (missing.Count > 0 && reader.GetNextEntry() is { } entry)
            {
                // Only the wanted names are written, so no entry can lead out of the folder.
                string name = entry.Name[(entry.Name.LastIndexOf('/') + 1)..];
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && missing.Remove(name))
                {
                    ExtractWhole(entry, Path.Combine(folder, name));
                }
            }
        }
        catch (Exception error) when (error is InvalidDataException or FormatException or EndOfStreamException)
        {
            throw new DataException($"'{archive}' is damaged: {error.Message} Delete it and fetch it again.", error);
        }

        if (missing.Count > 0)
        {
            throw new DataException($"'{archive}' lacks {string.Join(", ", missing.Order(StringComparer.Ordinal))}.");
        }
    }

    private static void ExtractWhole(TarEntry entry, string path)
    {
        string temporary = path + ".tmp";
        try
        {
            entry.ExtractToFile(temporary, overwrite: true);

            // A stream that was cut short ends like any other: only the length tells.
            if (new FileInfo(temporary).Length is var length && length != entry.Length)
            {
                throw new EndOfStreamException($"'{entry.Name}' has {length:N0} of {entry.Length:N0} bytes.");
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
