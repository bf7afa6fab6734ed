using DistillSharp.Graph.Builder;

namespace DistillSharp.Graph.Tests.Builder;

public sealed class GraphBuilderTests
{
    [Fact]
    public void Values_are_named_by_their_modules_and_weights_below_them()
    {
        var b = new GraphBuilder("net");
        string x = b.BatchNorm("stem.bn", b.Conv("stem.conv", b.Input(3, 8, 8), 4, 3, padding: 1));
        var graph = b.Build(b.Linear("head", b.Flatten("flatten", x), 2));

        Assert.Equal(["stem.conv", "stem.bn", "flatten", "logits"], graph.Nodes.Select(node => node.Outputs[0]));
        Assert.Equal(
            ["stem.conv.weight", "stem.bn.weight", "stem.bn.bias", "stem.bn.running_mean", "stem.bn.running_var", "head.weight", "head.bias"],
            graph.Initializers.Select(initializer => initializer.Name));
        Assert.Equal([1f, 1f, 1f, 1f], graph.FindInitializer("stem.bn.running_var")!.Data.AsSpan<float>().ToArray());
    }

    [Fact]
    public void A_path_used_twice_is_refused()
    {
        var b = new GraphBuilder("net");
        string x = b.Relu("stem", b.Input(3, 8, 8));
        b.SplitHalves("halves", b.Conv("conv", x, 4, 1));

        Assert.Equal("The module path 'stem' is used twice in the model 'net'. Every module needs a path of its own: taps, checkpoints and messages go by it.", Assert.Throws<GraphException>(() => b.Relu("stem", x)).Message);
        Assert.Contains("'halves'", Assert.Throws<GraphException>(() => b.SplitHalves("halves", "conv")).Message, StringComparison.Ordinal);
        Assert.Contains("'input'", Assert.Throws<GraphException>(() => b.Input(1, 2, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_without_a_told_initialisation_has_that_of_PyTorch()
    {
        var b = new GraphBuilder("net");
        b.Conv("conv", b.Input(4, 8, 8), 6, 3, groups: 2, bias: true);
        b.Conv("told", "conv", 6, 3, bias: true, initialization: Initialization.Normal(0.1));
        string flat = b.Flatten("flat", "told");
        b.Linear("zero", flat, 2, zeroBias: true);
        var graph = b.Build(b.Linear("fc", flat, 2));

        // The fan in is 2 channels x 3 x 3, then 6 channels x 4 x 4.
        Assert.Equal(Initialization.Uniform(1 / Math.Sqrt(18)), graph.FindInitializer("conv.weight")!.Initialization);
        Assert.Equal(Initialization.Uniform(1 / Math.Sqrt(18)), graph.FindInitializer("conv.bias")!.Initialization);
        Assert.Equal(Initialization.Normal(0.1), graph.FindInitializer("told.weight")!.Initialization);
        Assert.Equal(Initialization.Constant(0), graph.FindInitializer("told.bias")!.Initialization);
        Assert.Equal(Initialization.Uniform(1 / Math.Sqrt(96)), graph.FindInitializer("fc.bias")!.Initialization);
        Assert.Equal(Initialization.Constant(0), graph.FindInitializer("zero.bias")!.Initialization);
    }

    [Fact]
    public void Shuffling_deals_the_groups_channels_out_in_turn()
    {
        var b = new GraphBuilder("net");
        var graph = b.Build(b.ShuffleChannels("shuffle", b.Input(6, 4, 5), 3));

        Assert.Equal(["Reshape", "Transpose", "Reshape"], graph.Nodes.Select(node => node.Operation));
        Assert.Equal([0L, 3, 2, 4, 5], graph.FindInitializer(graph.Nodes[0].Inputs[1])!.Data.AsSpan<long>().ToArray());
        Assert.Equal([0L, 2, 1, 3, 4], graph.Nodes[1].Ints("perm"));
        Assert.Equal("logits: Float32 [batch, 6, 4, 5]", graph.Outputs[0].ToString());
    }

    [Fact]
    public void A_value_nothing_is_known_of_is_named() =>
        Assert.Contains("'nowhere'", Assert.Throws<GraphException>(() => new GraphBuilder("net").ChannelsOf("nowhere")).Message, StringComparison.Ordinal);
}
