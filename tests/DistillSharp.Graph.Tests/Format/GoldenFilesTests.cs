using DistillSharp.Graph.Format;
using DistillSharp.TestKit;

namespace DistillSharp.Graph.Tests.Format;

/// <summary>Files that ONNX itself publishes.</summary>
[Trait("Category", "Golden")]
public sealed class GoldenFilesTests
{
    [Fact]
    public void Whole_models_load_and_survive_a_round_trip() => RoundTrip(Directory.GetFiles(SharedFolder.Golden("onnx-models"), "*.onnx"));

    [Fact]
    public void Operator_cases_load_and_survive_a_round_trip() => RoundTrip(Directory.GetFiles(SharedFolder.Golden("onnx-node"), "model.onnx", SearchOption.AllDirectories));

    [Fact]
    public void What_comes_out_of_a_whole_model_has_the_nodes_and_weights_that_went_in()
    {
        foreach (string path in Directory.GetFiles(SharedFolder.Golden("onnx-models"), "*.onnx"))
        {
            var before = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph;
            var after = ModelProto.Parser.ParseFrom(OnnxFile.Serialize(OnnxFile.Load(path))).Graph;

            Assert.Equal(before.Node.Select(Describe), after.Node.Select(Describe));
            Assert.Equal(before.Initializer.Select(tensor => tensor.Name), after.Initializer.Select(tensor => tensor.Name));
        }
    }

    private static string Describe(NodeProto node) => $"{node.OpType} {node.Name}: {string.Join(" ", node.Input)} -> {string.Join(" ", node.Output)}";

    private static void RoundTrip(string[] paths)
    {
        Assert.NotEmpty(paths);
        TestContext.Current.TestOutputHelper?.WriteLine($"{paths.Length} golden cases");
        foreach (string path in paths)
        {
            var graph = OnnxFile.Load(path);

            GraphAssert.Equal(graph, OnnxFile.Load(OnnxFile.Serialize(graph)));
        }
    }
}
