using System.Runtime.InteropServices;

namespace DistillSharp.Native;

/// <summary>Memory that nothing uses any more, but the process still holds.</summary>
internal static class FreeMemory
{
    private static bool s_absent = !OperatingSystem.IsLinux();

    /// <summary>
    /// Gives it back to the system: the collector's, and what libtorch and ONNX Runtime freed. Between training and evaluation the one's activations are free but still held, and the other's, of other sizes, do not fit
    /// between what is left: without this the peak is the sum of both. Of the native heap it does nothing where the C library has no such call.
    /// </summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (s_absent)
        {
            return;
        }

        try
        {
            _ = MallocTrim(0);
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            s_absent = true;
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallocTrim(nuint pad);
}
