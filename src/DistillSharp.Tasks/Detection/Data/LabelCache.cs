using System.Security.Cryptography;
using System.Text;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>
/// A checked set kept on disk: beside its labels, or in the user's cache where that folder is read-only. It holds for exactly these files, by name, length and time;
/// one that does not hold, or is damaged, is as good as none.
/// </summary>
internal sealed class LabelCache
{
    private const long MaxBytes = 1L << 31;
    private readonly IReadOnlyList<string> _pictures;
    private readonly string[] _paths;
    private readonly byte[] _key;
    private readonly int _classCount;

    private LabelCache(IReadOnlyList<string> pictures, string[] paths, byte[] key, int classCount) => (_pictures, _paths, _key, _classCount) = (pictures, paths, key, classCount);

    /// <summary>The cache of a set as it lies on disk now.</summary>
    public static LabelCache For(IReadOnlyList<string> pictures, PictureLabels labels, DetectionCheckerOptions options)
    {
        string stem = labels.CacheStem(pictures[0]), name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{stem}\n{options.Name}")))[..16];
        string user = Path.Combine(Path.GetDirectoryName(DataLocation.UserCache)!, "labels", name + ".cache");
        string[] paths = options.CacheFolder is { } folder ? [Path.Combine(folder, name + ".cache")]
            : MayWrite(Path.GetDirectoryName(stem)) ? [$"{stem}.{name[..8]}.distillsharp.cache", user]
            : [user];
        return new(pictures, paths, Key(pictures, labels, options.ClassCount), options.ClassCount);
    }

    /// <summary>What was kept, or null where nothing that holds is there.</summary>
    public IReadOnlyList<CheckedPicture>? TryRead()
    {
        foreach (string path in _paths)
        {
            try
            {
                var information = new FileInfo(path);
                if (information.Exists && information.Length <= MaxBytes)
                {
                    byte[] bytes = File.ReadAllBytes(path);
                    if (LabelCacheFormat.TryParse(bytes, _key, _pictures, _classCount) is { } found)
                    {
                        return found;
                    }
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // A cache that cannot be read is made again.
            }
        }

        return null;
    }

    /// <summary>Keeps a result where that is possible.</summary>
    public void TryWrite(IReadOnlyList<CheckedPicture> pictures)
    {
        byte[] bytes = LabelCacheFormat.Write(_key, pictures);
        foreach (string path in _paths)
        {
            string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                using (var stream = File.Create(temporary))
                {
                    stream.Write(bytes);
                    stream.Flush(flushToDisk: true);
                }

                File.Move(temporary, path, overwrite: true);
                return;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The next place, or none: the check is only slower next time.
                TryDelete(temporary);
            }
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // There was nothing to delete, or nobody may.
        }
    }

    private static byte[] Key(IReadOnlyList<string> pictures, PictureLabels labels, int classCount)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
        void AddFile(string path)
        {
            var file = new FileInfo(path);
            Add(file.Exists ? $"{path}|{file.Length}|{file.LastWriteTimeUtc.Ticks}" : $"{path}|absent");
        }

        Add($"{labels.GetType().Name}|{classCount}|{labels.CacheKey}");
        foreach (string picture in pictures)
        {
            AddFile(picture);
            if (labels.FileOf(picture) is { } file)
            {
                AddFile(file);
            }
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Whether a folder is meant to be written to: one that nobody may write to stays as it is, even where an administrator could.</summary>
    private static bool MayWrite(string? folder) =>
        folder is not null && Directory.Exists(folder)
            && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(folder) & (UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0);
}
