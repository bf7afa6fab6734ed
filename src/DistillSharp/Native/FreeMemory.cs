using System.Runtime.InteropServices;

namespace DistillSharp.Native;

/// <summary>Memory that nothing uses any more, but the process still holds.</summary>
internal static class FreeMemory
{
    /// <summary>The names of the C library's settings: from which size a block is mapped by itself, and from which size free memory at the heap's end goes back.</summary>
    private const int MapThreshold = -3, TrimThreshold = -1;

    /// <summary>Blocks to 2 GB lie in the heap; old C libraries take 32 MB at most. -1 is the documented "never" of the other.</summary>
    private const int Large = int.MaxValue, Largest = 32 << 20, Never = -1;

    private static bool s_absent = !OperatingSystem.IsLinux();

    /// <summary>
    /// Lets the process keep what libtorch frees, for the next step to use: left alone, the C library gives large blocks back to the system, and every step pays for clean pages anew. A user's own setting of
    /// the C library (MALLOC_TRIM_THRESHOLD_ and the like, GLIBC_TUNABLES) stays.
    /// </summary>
    public static void Keep()
    {
        string[] settings = ["MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_MAX_"];
        bool tuned = Environment.GetEnvironmentVariable("GLIBC_TUNABLES")?.Contains("glibc.malloc.", StringComparison.Ordinal) == true;
        if (!tuned && settings.All(setting => Environment.GetEnvironmentVariable(setting) is null))
        {
            // Set alone, the second would freeze the first at its start, 128 kB.
            Call(() => MallocOption(MapThreshold, Large) == 1 || MallocOption(MapThreshold, Largest) == 1 ? MallocOption(TrimThreshold, Never) : 0);
        }
    }

    /// <summary>
    /// Gives it back to the system: the collector's, and what libtorch and ONNX Runtime freed. Between training and evaluation the one's activations are free but still held, and the other's, of other sizes, do not fit
    /// between what is left: without this the peak is the sum of both. Of the native heap it does nothing where the C library has no such call.
    /// </summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Call(() => MallocTrim(0));
    }

    private static void Call(Func<int> native)
    {
        if (s_absent)
        {
            return;
        }

        try
        {
            _ = native();
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            s_absent = true;
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallocTrim(nuint pad);

    [DllImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallocOption(int name, int value);
}
