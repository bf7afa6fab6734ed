using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.TestKit;

namespace DistillSharp.Graph.Tests.Passes;

public sealed class ModelImportTests
{
    [Theory]
    [Trait("Category", "Golden")]
    [InlineData("squeezenet", 1_235_496)]
    [InlineData("resnet50", 25_557_032)]
    public void A_published_model_whose_weights_are_nodes_shows_its_parameters(string model, long parameters)
    {
        string path = Directory.GetFiles(SharedFolder.Golden("onnx-models"), $"light_{model}.onnx").Single();

        var result = ModelImport.Load(path);

        Assert.Equal(parameters, ModelStatistics.Of(result.Graph).Parameters);
        Assert.DoesNotContain(result.Graph.Nodes, node => node.Operation is "Constant" or "ConstantOfShape");
        Assert.Empty(GraphChecker.Check(result.Graph));
    }

    [Fact]
    [Trait("Category", "Golden")]
    public void Every_weight_slot_of_a_whole_model_holds_a_trainable_weight()
    {
        string[] paths = [.. Directory.GetFiles(SharedFolder.Golden("onnx-models"), "*.onnx").Where(path => !path.Contains("vgg", StringComparison.Ordinal))];
        Assert.NotEmpty(paths);
        foreach (string path in paths)
        {
            var graph = ModelImport.Load(path).Graph;

            Assert.All(graph.Nodes.Where(node => node.Operation is "Conv" or "Gemm"), node => Assert.True(graph.FindInitializer(node.Inputs[1])?.Trainable, $"{path}: {node}"));
        }
    }

    [Fact]
    public void What_was_frozen_stays_frozen_and_what_was_folded_follows_the_rule()
    {
        var graph = new ModelGraph();
        graph.Inputs.Add(new("x", ElementType.Float32, [2, 3]));
        graph.Outputs.Add(new("y", ElementType.Float32, [2, 3]));
        graph.Add(new("frozen", TensorData.Create<float>(new float[9], 3, 3), trainable: false));
        graph.Nodes.Add(new("Constant", [], ["w"]) { Attributes = { ["value"] = new TensorValue(TensorData.Create<float>(new float[9], 3, 3)) } });
        graph.Nodes.Add(new("Constant", [], ["offset"]) { Attributes = { ["value_float"] = new FloatValue(2) } });
        graph.Nodes.Add(new("MatMul", ["x", "frozen"], ["a"]));
        graph.Nodes.Add(new("MatMul", ["a", "w"], ["b"]));
        graph.Nodes.Add(new("Add", ["b", "offset"], ["y"]));

        var result = ModelImport.Passes.Run(graph).Graph;

        Assert.Equal(["frozen False", "w True", "offset False"], result.Initializers.Select(initializer => $"{initializer.Name} {initializer.Trainable}"));
    }

    [Fact]
    public void A_damaged_file_is_named()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("model.onnx", Assert.Throws<GraphException>(() => ModelImport.Load(folder.Write("model.onnx", [1, 2, 3]))).Message, StringComparison.Ordinal);
    }
}
