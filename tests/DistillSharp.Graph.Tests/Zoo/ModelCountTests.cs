using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Zoo;

namespace DistillSharp.Graph.Tests.Zoo;

public sealed class ModelCountTests
{
    [Fact]
    public void An_mlp_of_800_and_800_has_the_parameters_worked_by_hand()
    {
        var statistics = ModelStatistics.Of(Mlp.Create(new() { Channels = 1, Height = 28, Width = 28 }));

        Assert.Equal((784 * 800) + 800 + (800 * 800) + 800 + (800 * 10) + 10, statistics.Parameters);
        Assert.Equal((784 * 800) + (800 * 800) + (800 * 10), statistics.Macs);
        Assert.Equal(6, statistics.ParameterTensors);
    }

    [Fact]
    public void An_mlp_without_hidden_layers_is_a_linear_classifier()
    {
        var statistics = ModelStatistics.Of(Mlp.Create(new() { Channels = 1, Height = 4, Width = 5, Classes = 3, Widths = [] }));

        Assert.Equal((20 * 3) + 3, statistics.Parameters);
    }

    [Theory]
    [InlineData(1, 28, 61_706, 416_520)]
    [InlineData(1, 32, 61_706, 416_520)]
    [InlineData(3, 32, 62_006, 651_720)]
    public void Lenet5_has_the_parameters_of_the_paper_with_a_full_second_stage(int channels, int side, long parameters, long macs)
    {
        var statistics = ModelStatistics.Of(LeNet.Create(new() { Channels = channels, Height = side, Width = side }));

        Assert.Equal(parameters, statistics.Parameters);
        Assert.Equal(macs, statistics.Macs);
    }

    [Fact]
    public void Vgg_pools_once_more_for_large_pictures()
    {
        Assert.Equal(3, ModelStatistics.Of(ModelZoo.Build("vgg8")).Operators["MaxPool"]);
        Assert.Equal(4, ModelStatistics.Of(ModelZoo.Build("vgg8", height: 64, width: 64)).Operators["MaxPool"]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.3, 6)]
    public void A_wide_network_drops_units_once_in_each_of_its_six_blocks(double dropout, int nodes)
    {
        var graph = WideResNet.Wrn16x1(new() { Dropout = dropout });

        Assert.Equal(nodes, graph.Nodes.Count(node => node.Operation == "Dropout"));
        Assert.All(graph.Nodes.Where(node => node.Operation == "Dropout"), node => Assert.Equal(0.3f, graph.FindInitializer(node.Inputs[1])!.Data.AsSpan<float>()[0]));
    }

    [Fact]
    public void An_mlp_drops_pixels_and_units_with_their_own_shares()
    {
        var graph = Mlp.Create(new() { Dropout = 0.5, InputDropout = 0.2 });

        var ratios = graph.Nodes.Where(node => node.Operation == "Dropout").Select(node => graph.FindInitializer(node.Inputs[1])!.Data.AsSpan<float>()[0]);
        Assert.Equal([0.2f, 0.5f, 0.5f], ratios);
    }
}
