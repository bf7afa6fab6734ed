using DistillSharp.Graph.Format;
using DistillSharp.TestKit.Golden;

namespace DistillSharp.Graph.Tests.Format;

/// <summary>Files that ONNX itself publishes.</summary>
[Trait("Category", "Golden")]
public sealed class GoldenFilesTests
{
    [Fact]
    public void Whole_models_load_and_survive_a_round_trip() => RoundTrip(GoldenFiles.Of("onnx-models", "*.onnx"));

    [Fact]
    public void Operator_cases_load_and_survive_a_round_trip() => RoundTrip(GoldenFiles.Of("onnx-node", "model.onnx", SearchOption.AllDirectories));

    [Fact]
    public void What_comes_out_of_a_whole_model_has_the_nodes_and_weights_that_went_in()
    {
        foreach (string path in GoldenFiles.Of("onnx-models", "*.onnx"))
        {
            var before = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph;
            var after = ModelProto.Parser.ParseFrom(OnnxFile.Serialize(OnnxFile.Load(path))).Graph;

            Assert.Equal(before.Node.Select(Describe), after.Node.Select(Describe));
            Assert.Equal(before.Initializer.Select(tensor => tensor.Name), after.Initializer.Select(tensor => tensor.Name));
        }
    }

    private static string Describe(NodeProto node) => $"{node.OpType} {node.Name}: {string.Join(" ", node.Input)} -> {string.Join(" ", node.Output)}";

    private static void RoundTrip(IReadOnlyList<string> paths)
    {
        foreach (string path in paths)
        {
            var graph = OnnxFile.Load(path);

            GraphAssert.Equal(graph, OnnxFile.Load(OnnxFile.Serialize(graph)));
        }
    }
}
