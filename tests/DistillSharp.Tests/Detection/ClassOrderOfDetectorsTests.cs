using DistillSharp.Detection;
using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Plugins;
using DistillSharp.Runtime.Comparison;
using DistillSharp.Tasks;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Detection;

/// <summary>A detector that is trained on tells the same classes apart as before, in the data's order.</summary>
public sealed class ClassOrderOfDetectorsTests
{
    private const int Classes = 3, Side = 64;
    private static readonly string[] s_own = ["red", "green", "blue"], s_data = ["blue", "red", "green"];
    private static readonly int[] s_order = [2, 0, 1];

    [Fact]
    public void Its_scores_move_with_the_names()
    {
        using var folder = new TemporaryFolder();
        string path = Save(folder, s_own);

        var same = TrainableDetector.Open(path, s_own, 1, PluginCatalogs.BuiltIn);
        var other = TrainableDetector.Open(path, s_data, 1, PluginCatalogs.BuiltIn);

        Assert.Empty(same.Notes);
        Assert.Contains("lists the data's classes in another order", Assert.Single(other.Notes), StringComparison.Ordinal);
        float[] before = Answer(same.Graph), after = Answer(other.Graph);
        int places = before.Length / (4 + Classes);
        for (int row = 0; row < 4 + Classes; row++)
        {
            int old = row < 4 ? row : 4 + s_order[row - 4];
            Assert.All(Enumerable.Range(0, places), i => Assert.Equal(before[(old * places) + i], after[(row * places) + i], 1e-5f));
        }
    }

    [Fact]
    public void Other_names_are_told_and_the_head_is_taken_over()
    {
        using var folder = new TemporaryFolder();
        string path = Save(folder, s_own);

        var detector = TrainableDetector.Open(path, ["red", "green", "yellow"], 1, PluginCatalogs.BuiltIn);

        Assert.Contains("names others: class 2 is 'blue' and not 'yellow'. Its head is taken over as it is", Assert.Single(detector.Notes), StringComparison.Ordinal);
        Assert.Equal(Answer(OnnxFile.Load(path)), Answer(detector.Graph));
    }

    private static string Save(TemporaryFolder folder, string[] names)
    {
        var graph = TrainableDetector.Open("yolo11n", names, 1, PluginCatalogs.BuiltIn).Graph;
        foreach (var (key, value) in new ModelCard("detect", names, new(3, Side, Side, [0, 0, 0], [1, 1, 1])) { Stride = 32 }.ToMetadata())
        {
            graph.Metadata[key] = value;
        }

        // Fresh biases are all alike, which would prove nothing.
        var random = new Random(1);
        foreach (var bias in graph.Initializers.Where(weight => weight.Name.StartsWith("model.23.cv3", StringComparison.Ordinal) && weight.Name.EndsWith(".2.bias", StringComparison.Ordinal)))
        {
            foreach (ref float value in bias.Data.AsSpan<float>())
            {
                value = (float)random.NextDouble();
            }
        }

        OnnxFile.Save(graph, folder["m.onnx"]);
        return folder["m.onnx"];
    }

    private static float[] Answer(ModelGraph graph)
    {
        var random = new Random(2);
        float[] pixels = [.. Enumerable.Range(0, 3 * Side * Side).Select(_ => (float)random.NextDouble())];
        return GraphRun.Run(graph, new Dictionary<string, TensorData> { [graph.Inputs[0].Name] = TensorData.Create<float>(pixels, 1, 3, Side, Side) })["output0"].AsSpan<float>().ToArray();
    }
}
