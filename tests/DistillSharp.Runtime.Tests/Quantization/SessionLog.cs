using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime.Native;
using Microsoft.ML.OnnxRuntime;

namespace DistillSharp.Runtime.Tests.Quantization;

/// <summary>Opens models and hears what ONNX Runtime has to say about them at warning level; each session has a log of its own.</summary>
internal static class SessionLog
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> s_messages = new(StringComparer.Ordinal);
    private static readonly DOrtLoggingFunction s_sink = (_, _, _, id, _, message) => s_messages.GetOrAdd(id ?? "", _ => new()).Enqueue(message);
    private static int s_count;

    /// <summary>Opens a model, optimised as a user's would be, and gives what was warned of.</summary>
    public static IReadOnlyList<string> Warnings(ModelGraph graph) => Warnings(OnnxFile.Serialize(graph));

    /// <summary>Opens a file's bytes, and gives what was warned of.</summary>
    public static IReadOnlyList<string> Warnings(byte[] file)
    {
        string id = $"session-{Interlocked.Increment(ref s_count)}";
        using var options = new SessionOptions { LogId = id, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, IntraOpNumThreads = 1 };
        using var session = new InferenceSession(file, options);
        return s_messages.TryGetValue(id, out var messages) ? [.. messages] : [];
    }

    /// <summary>The graph that ONNX Runtime makes of a model for this machine.</summary>
    public static ModelGraph Optimized(ModelGraph graph, TestKit.TemporaryFolder folder)
    {
        string path = folder["optimized.onnx"];
        using var options = new SessionOptions { OptimizedModelFilePath = path, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, IntraOpNumThreads = 1 };
        using var session = new InferenceSession(OnnxFile.Serialize(graph), options);
        return OnnxFile.Load(path);
    }

    [ModuleInitializer]
    internal static void Listen()
    {
        NativeOnnxRuntime.EnsureLoaded();

        // The sink can be set only when the library starts, so before any test.
        var options = new EnvironmentCreationOptions { logId = "tests", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, loggingFunction = s_sink };
        OrtEnv.CreateInstanceWithOptions(ref options);
    }
}
