using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Zoo;

namespace DistillSharp.Runtime.Tests.Passes;

public sealed class FoldBatchNormPassTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(4, false)]
    public void A_convolution_takes_the_normalisation_in(int groups, bool bias)
    {
        var graph = new TestGraph().Input("x", Dimension.Named("n"), 4, 6, 6).Weight("c.weight", 8, 4 / groups, 3, 3).Weight("c.bias", 8)
            .Node("Conv", bias ? ["x", "c.weight", "c.bias"] : ["x", "c.weight"], ["c"], ("group", new IntValue(groups)))
            .BatchNorm("c", "b", 8, ("epsilon", new FloatValue(0.01f))).Node("Relu", ["b"], ["y"]).Output("y").Graph;

        var result = PassAssert.Keeps(graph, new FoldBatchNormPass());

        Assert.Equal(["Conv", "Relu"], result.Graph.Nodes.Select(node => node.Operation));
        Assert.Equal(1, result.Changes[0].Total);
        Assert.Equal("b", result.Graph.Nodes[0].Outputs[0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_transposed_convolution_does_too(int groups)
    {
        var graph = new TestGraph().Input("x", 2, 4, 5, 5).Weight("w", 4, 3, 3, 3)
            .Node("ConvTranspose", ["x", "w"], ["c"], ("group", new IntValue(groups)), ("strides", new IntsValue([2, 2])))
            .BatchNorm("c", "y", 3 * groups).Output("y").Graph;

        Assert.Single(PassAssert.Keeps(graph, new FoldBatchNormPass()).Graph.Nodes);
    }

    [Theory]
    [InlineData(0, "5")]
    [InlineData(1, "5")]
    [InlineData(1, "1,5")]
    [InlineData(0, "1")]
    [InlineData(1, "")]
    [InlineData(1, "none")]
    public void A_matrix_product_with_any_bias_does_too(int transposed, string bias)
    {
        var test = new TestGraph().Input("x", 3, 4).Weight("w", transposed == 1 ? [5, 4] : [4, 5]);
        if (bias != "none")
        {
            test.Weight("c", [.. bias.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)]);
        }

        var graph = test.Node("Gemm", bias == "none" ? ["x", "w"] : ["x", "w", "c"], ["g"], ("transB", new IntValue(transposed)), ("alpha", new FloatValue(0.5f)), ("beta", new FloatValue(1.5f)))
            .BatchNorm("g", "y", 5).Output("y").Graph;

        Assert.Single(PassAssert.Keeps(graph, new FoldBatchNormPass()).Graph.Nodes);
    }

    [Fact]
    public void A_weight_that_two_layers_share_is_cloned()
    {
        var graph = new TestGraph().Input("x", 1, 3, 4, 4).Weight("w", 3, 3, 1, 1).Weight("s", 3)
            .Node("Conv", ["x", "w", "s"], ["c"]).BatchNorm("c", "b", 3).Node("Conv", ["b", "w", "s"], ["y"]).Output("y").Graph;

        var result = PassAssert.Keeps(graph, new FoldBatchNormPass());

        Assert.Equal(["Conv", "Conv"], result.Graph.Nodes.Select(node => node.Operation));
        Assert.Empty(result.Graph.Nodes[0].Inputs.Intersect(result.Graph.Nodes[1].Inputs));
    }

    [Fact]
    public void Statistics_that_another_normalisation_shares_stay_there()
    {
        var graph = new TestGraph().Input("x", 1, 3, 4, 4).Weight("w", 3, 3, 1, 1).Node("Conv", ["x", "w"], ["c"]).BatchNorm("c", "b", 3)
            .Node("BatchNormalization", ["x", "b.weight", "b.bias", "b.running_mean", "b.running_var"], ["d"]).Node("Add", ["b", "d"], ["y"]).Output("y").Graph;

        Assert.Equal(3, PassAssert.Keeps(graph, new FoldBatchNormPass()).Graph.Nodes.Count);
    }

    [Fact]
    public void A_layer_whose_output_is_read_elsewhere_is_left_alone_and_named()
    {
        var read = new TestGraph().Input("x", 1, 3, 4, 4).Weight("w", 3, 3, 1, 1).Node("Conv", ["x", "w"], ["c"]).BatchNorm("c", "b", 3).Node("Add", ["b", "c"], ["y"]).Output("y").Graph;
        var wanted = new TestGraph().Input("x", 1, 3, 4, 4).Weight("w", 3, 3, 1, 1).Node("Conv", ["x", "w"], ["c"]).BatchNorm("c", "y", 3).Output("y").Output("c").Graph;

        foreach (var graph in new[] { read, wanted })
        {
            var changes = PassAssert.Keeps(graph, new FoldBatchNormPass(), tolerance: 0).Changes[0];

            Assert.Equal(0, changes.Total);
            Assert.Contains("the output of Conv 'make_c' has other readers", Assert.Single(changes.Notes), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_bias_that_differs_by_row_is_left_alone()
    {
        var graph = new TestGraph().Input("x", 5, 4).Weight("w", 4, 5).Weight("c", 5, 1).Node("Gemm", ["x", "w", "c"], ["g"]).BatchNorm("g", "y", 5).Output("y").Graph;

        Assert.Equal(0, PassAssert.Keeps(graph, new FoldBatchNormPass(), tolerance: 0).Changes[0].Total);
    }

    [Fact]
    public void A_residual_network_keeps_its_outputs_and_loses_every_normalisation()
    {
        var graph = ResNet.ResNet8(new() { Height = 8, Width = 8 }).Randomized();

        var result = PassAssert.Keeps(graph, new FoldBatchNormPass(), tolerance: 1e-4);

        Assert.DoesNotContain(result.Graph.Nodes, node => node.Operation == "BatchNormalization");
        Assert.DoesNotContain(result.Graph.Initializers, initializer => initializer.Name.Contains("running_", StringComparison.Ordinal));
    }
}
