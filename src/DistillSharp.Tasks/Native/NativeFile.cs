using System.Runtime.InteropServices;

namespace DistillSharp.Tasks.Native;

/// <summary>Where a program's native libraries lie, and why one does not load.</summary>
public static class NativeFile
{
    /// <summary>Finds a native library: where the host was told to look, beside the program, and under its <c>runtimes</c> folder.</summary>
    /// <param name="name">The library's name without the system's ending, such as <c>libSkiaSharp</c>.</param>
    /// <param name="folders">Further folders to look in.</param>
    /// <returns>The full path, or null where there is none.</returns>
    public static string? Find(string name, params ReadOnlySpan<string> folders)
    {
        string file = name + (OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so");
        string told = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return told.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(new[] { AppContext.BaseDirectory }.Concat(folders.ToArray()).SelectMany(root => new[] { root, Path.Combine(root, "runtimes", NativePackage.Platform, "native") }))
            .Select(root => Path.Combine(root, file))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Says why a library did not load: it is not there, or the system's loader refuses it.</summary>
    /// <param name="name">The library's name without the system's ending.</param>
    /// <returns>The end of a sentence: <c>is missing</c>, or <c>does not load: …</c>.</returns>
    public static string WhyNot(string name)
    {
        if (Find(name) is not { } path)
        {
            return "is missing";
        }

        try
        {
            NativeLibrary.Load(path);
            return $"does not load, although '{path}' does";
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            return $"does not load: {error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1]}";
        }
    }
}
