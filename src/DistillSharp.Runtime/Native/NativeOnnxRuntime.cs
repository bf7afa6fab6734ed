using DistillSharp.Tasks.Native;
using Microsoft.ML.OnnxRuntime;

#pragma warning disable RS0030 // What is banned elsewhere is done here, once.
namespace DistillSharp.Runtime.Native;

/// <summary>ONNX Runtime's native library, which runs models. It is started here and nowhere else, so that <see cref="SessionTelemetry"/> is settled first.</summary>
public static class NativeOnnxRuntime
{
    /// <summary>The library, and the package that fits.</summary>
    public static NativeBackend Backend { get; } = new("ONNX Runtime", "running models", () => NativePackage.Find(typeof(NativeOnnxRuntime).Assembly, "onnxruntime"), Probe);

    /// <summary>The native library's version.</summary>
    /// <exception cref="DllNotFoundException">It is missing or too old; the message names the packages that fit.</exception>
    public static string Version => Start().GetVersionString();

    /// <summary>Loads the library once, its telemetry off unless it was asked for; further calls return at once. Call it before using ONNX Runtime directly.</summary>
    /// <exception cref="DllNotFoundException">It is missing or too old; the message names the packages that fit.</exception>
    public static void EnsureLoaded() => NativeBackend.Ensure([Backend], NativeSkia.Backend);

    /// <summary>Settings for a session, with which ONNX Runtime starts.</summary>
    /// <param name="threads">The threads within one operator, 0 for one a core.</param>
    internal static SessionOptions CreateOptions(int threads)
    {
        Start();
        return new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
    }

    private static OrtEnv Start()
    {
        EnsureLoaded();
        var environment = OrtEnv.Instance();
        if (!SessionTelemetry.IsEnabled)
        {
            // The variable does not govern Windows, whose events go to the system's tracing, and is too late if the program itself started ONNX Runtime before.
            environment.DisableTelemetryEvents();
        }

        return environment;
    }

    private static string? Probe()
    {
        SessionTelemetry.Settle();
        try
        {
            // The least that loads the library the way ONNX Runtime itself does; it does not start it.
            using var loads = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default);
            return null;
        }
        catch (TypeInitializationException error) when (error.InnerException is InvalidOperationException or EntryPointNotFoundException)
        {
            return $"is too old: version {Backend.Package?.Version} or newer is needed";
        }
        catch (Exception error) when (error is TypeInitializationException or DllNotFoundException or BadImageFormatException)
        {
            return NativeFile.WhyNot(OperatingSystem.IsWindows() ? "onnxruntime" : "libonnxruntime");
        }
    }
}
