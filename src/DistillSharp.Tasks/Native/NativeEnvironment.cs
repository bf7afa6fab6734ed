using System.Runtime.InteropServices;

namespace DistillSharp.Tasks.Native;

/// <summary>The environment that native libraries read. On Linux and macOS .NET keeps a copy of its own, and a change there does not reach them.</summary>
public static class NativeEnvironment
{
    /// <summary>Sets a variable for the native libraries that are loaded from here on.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">Its value.</param>
    public static void Set(string name, string value)
    {
        if (OperatingSystem.IsWindows())
        {
            // The first reaches libraries that ask the system, the second those that ask the C runtime.
            Environment.SetEnvironmentVariable(name, value);
            _ = SetInRuntime(name, value);
        }
        else
        {
            _ = SetInLibrary(name, value, 1);
        }
    }

    /// <summary>Sets a variable that nobody has set: the user's own value stays.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">Its value.</param>
    public static void SetDefault(string name, string value)
    {
        if (Get(name) is null)
        {
            Set(name, value);
        }
    }

    /// <summary>Reads a variable as native libraries see it.</summary>
    /// <param name="name">The variable.</param>
    /// <returns>Its value, or null where it is not set.</returns>
    public static string? Get(string name) => OperatingSystem.IsWindows() ? Environment.GetEnvironmentVariable(name) : Marshal.PtrToStringUTF8(GetFromLibrary(name));

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetInLibrary(string name, string value, int overwrite);

    [DllImport("libc", EntryPoint = "getenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint GetFromLibrary(string name);

    [DllImport("ucrtbase", EntryPoint = "_putenv_s", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SetInRuntime(string name, string value);
}
