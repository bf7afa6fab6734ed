using System.Reflection;
using SkiaSharp;

namespace DistillSharp.Tasks.Native;

/// <summary>SkiaSharp's native library, which decodes and draws images. Its managed and its native package must be of the same minor version.</summary>
public static class NativeSkia
{
    /// <summary>The library, and the package that fits the SkiaSharp in use.</summary>
    public static NativeBackend Backend { get; } = new("SkiaSharp", "images", Package, Probe);

    /// <summary>The native library's version.</summary>
    /// <exception cref="DllNotFoundException">The library is missing.</exception>
    public static Version Version => SkiaSharpVersion.Native;

    /// <summary>Loads the library once; further calls return at once.</summary>
    /// <exception cref="DllNotFoundException">It is missing or of another version; the message names the package that fits.</exception>
    public static void EnsureLoaded() => NativeBackend.Ensure([Backend]);

    private static NativePackage? Package()
    {
        // A program may reference another SkiaSharp than the one that this library was built against: the natives follow that one.
        string? managed = typeof(SKBitmap).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        return NativePackage.Find(typeof(NativeSkia).Assembly, "skia") is { } built ? built with { Version = managed ?? built.Version } : null;
    }

    private static string? Probe()
    {
        try
        {
            return SkiaSharpVersion.CheckNativeLibraryCompatible() ? null
                : $"is version {SkiaSharpVersion.Native.ToString(2)}, and version {SkiaSharpVersion.NativeMinimum.Major} is needed";
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException or TypeInitializationException)
        {
            return NativeFile.WhyNot("libSkiaSharp");
        }
    }
}
