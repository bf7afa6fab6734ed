using System.Reflection;
using System.Runtime.InteropServices;

namespace DistillSharp.Tasks.Native;

/// <summary>A package that brings a native library for one platform.</summary>
/// <param name="Id">The package's name.</param>
/// <param name="Version">The version that fits.</param>
public sealed record NativePackage(string Id, string Version)
{
    /// <summary>The command that adds the package to a project, or changes its version there.</summary>
    public string Command => $"dotnet add package {Id} --version {Version}";

    /// <summary>The platform of this process, such as <c>linux-x64</c>, <c>win-x64</c> or <c>osx-arm64</c>.</summary>
    public static string Platform { get; } =
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>Finds the package that an assembly was built against, in the metadata that the build wrote into it (eng/NativePackages.props).</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="backend">The backend's key there, such as <c>skia</c>.</param>
    /// <param name="platform">The platform; null for this process's own.</param>
    /// <returns>The package, or null where none exists for the platform.</returns>
    public static NativePackage? Find(Assembly assembly, string backend, string? platform = null)
    {
        platform ??= Platform;
        string[] keys = [.. new[] { platform, platform.Split('-')[0], "any" }.Select(scope => $"NativePackage {backend} {scope}")];
        string? told = assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(one => keys.Contains(one.Key))?.Value;
        return told?.Split(' ') is [var id, var version] ? new(id, version) : null;
    }
}
