using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tests.Teachers;

/// <summary>Teachers whose answers are a known function of the pixels they are given.</summary>
internal static class PixelModels
{
    /// <summary>A model that answers its input's very numbers, one class each.</summary>
    public static ModelSession Echo(int channels, int height, int width, ModelCard? card = null)
    {
        var b = new GraphBuilder("echo");
        return Open(b.Build(b.Flatten("flatten", b.Input(channels, height, width))), card);
    }

    public static ModelSession Open(ModelGraph graph, ModelCard? card)
    {
        foreach (var (key, value) in card?.ToMetadata() ?? new Dictionary<string, string>())
        {
            graph.Metadata[key] = value;
        }

        return ModelSession.Open(OnnxFile.Serialize(graph), new() { Threads = 1 });
    }

    public static ModelCard Card(ImageInput input, int classes) => new("classification", [.. Enumerable.Range(0, classes).Select(i => $"class {i}")], input);
}
