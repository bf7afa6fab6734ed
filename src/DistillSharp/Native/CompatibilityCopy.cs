using System.Security.Cryptography;

namespace DistillSharp.Native;

/// <summary>A copy of TorchSharp's bridge library, in the user's cache, that does not insist on a symbol version it never uses.</summary>
internal static class CompatibilityCopy
{
    /// <summary>The symbol version that older systems lack.</summary>
    public const string Version = "GLIBCXX_3.4.32";

    /// <summary>The folder of the copies.</summary>
    public static string CacheFolder =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "distillsharp", "native");

    /// <summary>Makes the copy, or finds the one made earlier: it is keyed by the original's hash and written whole, so processes may race.</summary>
    /// <param name="original">The library as it was installed; it is not touched.</param>
    /// <param name="cacheFolder">The folder of the copies; null for the user's cache.</param>
    /// <returns>The copy's path.</returns>
    public static string Make(string original, string? cacheFolder = null)
    {
        byte[] bytes = File.ReadAllBytes(original);
        string folder = Path.Combine(cacheFolder ?? CacheFolder, Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]);
        string path = Path.Combine(folder, Path.GetFileName(original));
        ElfVersionNeeds.MakeWeak(bytes, Version);
        if (File.Exists(path) && new FileInfo(path).Length == bytes.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
        {
            return path;
        }

        // A name of its own for every call: two threads of a process may race as well as two processes.
        Directory.CreateDirectory(folder);
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        return path;
    }
}
