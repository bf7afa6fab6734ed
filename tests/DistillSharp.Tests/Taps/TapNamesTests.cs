using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Losses;
using DistillSharp.Plugins;
using DistillSharp.Taps;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tests.Taps;

public sealed class TapNamesTests
{
    private static readonly ImageInput s_input = new(3, 32, 32, [0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]);

    [Theory]
    [InlineData("layer2", "layer2.4")]
    [InlineData("layer2.1", "layer2.1")]
    [InlineData("layer2.1.conv1", "layer2.1.conv1")]
    [InlineData("flatten", "flatten")]
    public void A_module_path_means_the_last_value_below_it(string name, string value) => Assert.Equal(value, TapNames.Find(Model("resnet32"), name, "student"));

    [Fact]
    public void In_a_foreign_graph_the_exporters_prefix_is_found()
    {
        var graph = new ModelGraph();
        graph.Inputs.Add(new("x", ElementType.Float32, [1, 4]));
        graph.Nodes.Add(new("Relu", ["x"], ["/layer3/layer3.0/relu/Relu_output_0"]));
        graph.Nodes.Add(new("Relu", ["/layer3/layer3.0/relu/Relu_output_0"], ["/layer3/layer3.1/relu/Relu_output_0"]));
        graph.Nodes.Add(new("Relu", ["/layer3/layer3.1/relu/Relu_output_0"], ["/layer30/Relu_output_0"]));

        Assert.Equal("/layer3/layer3.1/relu/Relu_output_0", TapNames.Find(graph, "layer3", "teacher"));
        Assert.Equal("/layer3/layer3.0/relu/Relu_output_0", TapNames.Find(graph, "layer3/layer3.0", "teacher"));
    }

    [Fact]
    public void A_name_that_is_not_there_lists_near_misses()
    {
        var error = Assert.Throws<GraphException>(() => TapNames.Find(Model("resnet8"), "layer4", "student"));

        Assert.Contains("'layer4'", error.Message, StringComparison.Ordinal);
        Assert.All(["layer1", "layer2", "layer3"], near => Assert.Contains($"'{near}'", error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(FeatureKind.Maps, "layer1.0=block2.layer.0.relu1, layer2.0=block3.layer.0.relu1, layer3.0=relu")]
    [InlineData(FeatureKind.MiddleMap, "layer2.0=block3.layer.0.relu1")]
    [InlineData(FeatureKind.LastMap, "layer3.0=relu")]
    [InlineData(FeatureKind.Embedding, "flatten")]
    [InlineData(FeatureKind.PreActivations, "layer1.0.add=block2.layer.0.bn1, layer2.0.add=block3.layer.0.bn1, layer3.0.add=bn1")]
    public void Pairs_of_the_same_stride_are_proposed(FeatureKind kind, string pairs) =>
        Assert.Equal(pairs, string.Join(", ", TapProposal.Of(kind, new("student", Model("resnet8"), s_input, 4), new("teacher", Model("wrn-16-2"), s_input, 4))));

    [Fact]
    public void Models_without_a_common_stride_are_told_what_each_has()
    {
        var error = Assert.Throws<GraphException>(() => TapProposal.Of(FeatureKind.Maps, new("student", Model("mlp"), s_input, 4), new("teacher", Model("resnet8"), s_input, 4)));

        Assert.Contains("the student's maps are none", error.Message, StringComparison.Ordinal);
        Assert.Contains("layer3.0 [64, 8, 8]", error.Message, StringComparison.Ordinal);
    }

    private static ModelGraph Model(string key)
    {
        var options = (Graph.Zoo.ModelOptions)Activator.CreateInstance(PluginCatalogs.BuiltIn.Models.Find(key).OptionsType)!;
        var graph = PluginCatalogs.BuiltIn.Models.Build(key, options with { Classes = 10, Channels = 3, Height = 32, Width = 32 });
        WeightInitializer.Draw(graph, 1);
        return graph;
    }
}
