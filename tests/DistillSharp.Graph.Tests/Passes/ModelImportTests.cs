using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Analysis.Checking;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.TestKit;
using DistillSharp.TestKit.Golden;

namespace DistillSharp.Graph.Tests.Passes;

public sealed class ModelImportTests
{
    /// <summary>Parameters as the papers' implementations count them, without the running statistics, by what a file's name ends in.</summary>
    private static readonly (string Model, long Parameters)[] s_published = [("squeezenet", 1_235_496), ("resnet50", 25_557_032)];

    [Fact]
    [Trait("Category", "Golden")]
    public void A_published_model_whose_weights_are_nodes_shows_its_parameters()
    {
        foreach (string path in GoldenModels.Light)
        {
            var graph = ModelImport.Load(path).Graph;

            Assert.DoesNotContain(graph.Nodes, node => node.Operation is "Constant" or "ConstantOfShape");
            Assert.Empty(GraphChecker.Check(graph));
            Assert.All(s_published.Where(known => Path.GetFileNameWithoutExtension(path).EndsWith(known.Model, StringComparison.Ordinal)), known => Assert.Equal(known.Parameters, ModelStatistics.Of(graph).Parameters));
        }
    }

    [Fact]
    [Trait("Category", "Golden")]
    public void Every_weight_slot_of_a_whole_model_holds_a_trainable_weight()
    {
        foreach (string path in GoldenModels.Light)
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
