using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.TestKit;
using Microsoft.ML.OnnxRuntime;

namespace DistillSharp.Runtime.Tests.Passes.Yolo;

/// <summary>What ONNX Runtime's own basic optimisation leaves of a model.</summary>
internal static class OptimizedFile
{
    public static ModelGraph Of(ModelGraph graph)
    {
        using var folder = new TemporaryFolder();
        string path = folder["optimized.onnx"];
        using (var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_BASIC, OptimizedModelFilePath = path, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR })
        {
            using var session = new InferenceSession(OnnxFile.Serialize(graph), options);
        }

        return OnnxFile.Load(path);
    }

    /// <summary>How many nodes there are of each operator, as text that tells two graphs apart.</summary>
    public static string Counts(ModelGraph graph) => string.Join(' ', graph.Nodes.GroupBy(node => node.Operation).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key}:{group.Count()}"));
}
