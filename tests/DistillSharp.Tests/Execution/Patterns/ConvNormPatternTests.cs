using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.TestKit.Handwritten;
using DistillSharp.TestKit.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Execution.Patterns;

public sealed class ConvNormPatternTests
{
    public static TheoryData<string> Forms => ["plain", "bias", "groups", "one axis", "uneven padding"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void In_evaluation_it_gives_what_the_two_give(string form)
    {
        var graph = Of(form);
        Assert.Equal(["ConvNorm"], SiluPatternTests.Operations(graph, "y"));
        Assert.Equal(["Conv", "BatchNormalization"], SiluPatternTests.Operations(graph, "y", "c"));

        using var one = new GraphExecutor(graph, new() { Precision = ElementType.Float64 });
        using var two = new GraphExecutor(graph, new() { Precision = ElementType.Float64, Wanted = ["y", "c"] });
        using var x = Noise(graph);
        using var fused = one.Evaluate(x);
        using var separate = two.Evaluate(x);

        double error = CentralDifferences.RelativeError(Numbers(fused["y"]), Numbers(separate["y"]));
        Assert.InRange(error, 0, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void In_training_values_gradients_and_statistics_are_those_of_the_two(string form)
    {
        var graph = Of(form);
        using var one = new GraphExecutor(graph, new() { Precision = ElementType.Float64 });
        using var two = new GraphExecutor(graph, new() { Precision = ElementType.Float64, Wanted = ["y", "c"] });
        using var x = Noise(graph);

        Assert.Equal(Step(two, x), Step(one, x));
        Assert.Equal(Numbers(two.Gradients), Numbers(one.Gradients));
        Assert.Equal(Numbers(two.Statistics.Values), Numbers(one.Statistics.Values));
        Assert.NotEqual(0, Numbers(one.Statistics.Values)[0]);
    }

    [Fact]
    public void A_norm_that_itself_trains_stays()
    {
        var graph = Of("plain");
        graph.Nodes[1].Attributes["training_mode"] = new IntValue(1);

        Assert.Equal(["Conv", "BatchNormalization"], SiluPatternTests.Operations(graph, "y"));
    }

    [Fact]
    public void A_convolution_that_something_else_reads_stays()
    {
        var graph = Of("plain");
        graph.Nodes.Add(new("Neg", ["c"], ["z"]));

        Assert.Equal(["Conv", "BatchNormalization", "Neg"], SiluPatternTests.Operations(graph, "y", "z"));
    }

    [Fact]
    public void Filters_that_are_computed_are_left_to_the_two()
    {
        var graph = Of("plain");
        graph.Nodes.Insert(0, new("Neg", ["w"], ["filters"]));
        graph.Nodes[1].Inputs[1] = "filters";

        Assert.Equal(["Neg", "Conv", "BatchNormalization"], SiluPatternTests.Operations(graph, "y"));
    }

    private static double[] Step(GraphExecutor executor, Tensor x)
    {
        executor.ZeroGradients();
        using var values = executor.Train(x, step: 0);
        using var loss = values["y"].pow(3).sum();
        loss.backward();
        return Numbers(values["y"]);
    }

    private static ModelGraph Of(string form)
    {
        int groups = form == "groups" ? 2 : 1;
        long[] kernel = form == "one axis" ? [3] : [3, 3];
        long[] pads = form switch { "one axis" => [1, 1], "uneven padding" => [0, 1, 2, 1], _ => [1, 1, 1, 1] };
        var sketch = new Sketch().Input("x", [2, 4, .. kernel.Select(_ => Dimension.Of(5))]).Weight("w", [6, 4 / groups, .. kernel]).Weight("b", 6)
            .Weight("scale", 6).Weight("shift", 6).Floats("mean", [6], 0.1f, -0.2f, 0.3f, 0, 0.5f, -1).Floats("variance", [6], 0.5f, 1, 2, 0.1f, 0.01f, 3)
            .Node("Conv", form == "bias" ? "x,w,b" : "x,w", "c", ("pads", new IntsValue(pads)), ("group", new IntValue(groups)))
            .Node("BatchNormalization", "c,scale,shift,mean,variance", "y", ("epsilon", new FloatValue(1e-3f)), ("momentum", new FloatValue(0.97f)))
            .Output("y");
        return sketch.Graph;
    }

    private static Tensor Noise(ModelGraph graph)
    {
        using var generator = new Generator(3);
        return randn([.. graph.Inputs[0].Shape!.Select(size => size.Size!.Value)], ScalarType.Float64, generator: generator);
    }

    private static double[] Numbers(Tensor value)
    {
        using var whole = value.detach().contiguous();
        return [.. whole.data<double>()];
    }
}
