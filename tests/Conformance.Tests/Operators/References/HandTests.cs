using DistillSharp.Execution;
using DistillSharp.Graph;

namespace Conformance.Tests.Operators.References;

/// <summary>Forms that ONNX Runtime does not have, with numbers worked out by hand.</summary>
public sealed class HandTests
{
    /// <summary>Groups of two channels: mean 3 and 11, variance 5 and 5; scales and shifts are one for each group before opset 21.</summary>
    [Theory]
    [InlineData(18, new[] { 2f, 10 }, new[] { 1f, -1 })]
    [InlineData(21, new[] { 2f, 2, 10, 10 }, new[] { 1f, 1, -1, -1 })]
    public void Scales_of_groups_become_scales_of_channels(int opset, float[] scale, float[] bias)
    {
        double[] x = [0, 2, 4, 6, 8, 10, 12, 14];
        var y = Run(opset, "GroupNormalization", [("x", TensorData.Create<double>(x, 1, 4, 2)), ("scale", Doubles(scale)), ("bias", Doubles(bias))], ElementType.Float64, node =>
        {
            node.Attributes["num_groups"] = new IntValue(2);
            node.Attributes["epsilon"] = new FloatValue(0);
        });
        double root = Math.Sqrt(5);
        double[] expected = [(-3 / root * 2) + 1, (-1 / root * 2) + 1, (1 / root * 2) + 1, (3 / root * 2) + 1, (-3 / root * 10) - 1, (-1 / root * 10) - 1, (1 / root * 10) - 1, (3 / root * 10) - 1];
        Assert.Null(Numbers.Difference(y, TensorData.Create<double>(expected, 1, 4, 2), 1e-12, 1e-12));
    }

    /// <summary>Places count in the four by four that the windows cover, and the fifth row and column are zeros.</summary>
    [Fact]
    public void Unpooling_into_a_larger_shape_leaves_the_rest_zero()
    {
        var y = Run(11, "MaxUnpool", [("x", TensorData.Create<float>([1, 2, 3, 4], 1, 1, 2, 2)), ("places", TensorData.Create<long>([5, 7, 13, 15], 1, 1, 2, 2)), ("shape", TensorData.Create<long>([1, 1, 5, 5], 4))], ElementType.Float32, Window);
        float[] expected = new float[25];
        (expected[6], expected[8], expected[16], expected[18]) = (1, 2, 3, 4);
        Assert.Null(Numbers.Difference(y, TensorData.Create<float>(expected, 1, 1, 5, 5)));
    }

    /// <summary>A place outside the size, and as many places as there are not numbers, are refused.</summary>
    [Fact]
    public void Places_that_do_not_exist_are_refused()
    {
        Assert.Contains("an index is outside -16 to 15", Refusal([0, 1, 2, 16], 1, 1, 2, 2), StringComparison.Ordinal);
        Assert.Contains("places [1, 1, 1, 2] are not one for each of [1, 1, 2, 2]", Refusal([0, 1], 1, 1, 1, 2), StringComparison.Ordinal);

        static string Refusal(long[] places, params long[] shape) => Assert.Throws<GraphException>(() =>
            Run(11, "MaxUnpool", [("x", TensorData.Create<float>([1, 2, 3, 4], 1, 1, 2, 2)), ("places", TensorData.Create<long>(places, shape))], ElementType.Float32, Window)).Message;
    }

    /// <summary>Of log-probabilities -1, -2 and -3, -4 the classes 1 and 0 with weights 3 and 1: (3·2 + 1·3) / 4; a class that is ignored counts nothing, though it does not exist.</summary>
    [Theory]
    [InlineData(1L, 9.0 / 4)]
    [InlineData(-7L, 3.0)]
    public void The_mean_loss_is_weighted_by_the_labels(long first, double expected)
    {
        var loss = Run(13, "NegativeLogLikelihoodLoss", [("x", TensorData.Create<double>([-1, -2, -3, -4], 2, 2)), ("labels", TensorData.Create<long>([first, 0], 2)), ("weights", Doubles([1, 3]))], ElementType.Float64, node => node.Attributes["ignore_index"] = new IntValue(-7));
        Assert.Null(Numbers.Difference(loss, TensorData.Create<double>([expected]), 1e-12, 1e-12));
    }

    [Fact]
    public void A_label_that_is_no_class_is_refused() => Assert.Contains(
        "a class is outside 0 to 1",
        Assert.Throws<GraphException>(() => Run(13, "SoftmaxCrossEntropyLoss", [("x", TensorData.Create<float>([1, 2], 1, 2)), ("labels", TensorData.Create<long>([2], 1))], ElementType.Float32, _ => { })).Message,
        StringComparison.Ordinal);

    /// <summary>Before opset 11 a smaller picture takes the next element where a larger one takes the last: of 1 to 4 by 0.6 those at 0 and 1.67.</summary>
    [Theory]
    [InlineData(0.6f, new[] { 1f, 3 })]
    [InlineData(1.5f, new[] { 1f, 1, 2, 3, 3, 4 })]
    public void Old_places_are_rounded_outwards(float scale, float[] expected)
    {
        var y = Run(10, "Resize", [("x", TensorData.Create<float>([1, 2, 3, 4], 4)), ("scales", TensorData.Create<float>([scale], 1))], ElementType.Float32, _ => { });
        Assert.Null(Numbers.Difference(y, TensorData.Create<float>(expected, expected.Length)));
    }

    /// <summary>Half of 9 elements by 0.8 are 3.6, cut to 3: from 0.25 · 8 to 0.75 · 8 in two steps.</summary>
    [Fact]
    public void Of_a_region_its_own_length_is_scaled()
    {
        var y = Run(13, "Resize", [("x", TensorData.Create<float>([0, 1, 2, 3, 4, 5, 6, 7, 8], 9)), ("region", TensorData.Create<float>([0.25f, 0.75f], 2)), ("scales", TensorData.Create<float>([0.8f], 1))], ElementType.Float32, node =>
        {
            node.Attributes["coordinate_transformation_mode"] = new TextValue("tf_crop_and_resize");
            node.Attributes["mode"] = new TextValue("linear");
        });
        Assert.Null(Numbers.Difference(y, TensorData.Create<float>([2, 4, 6], 3), 1e-6, 1e-6));
    }

    /// <summary>One index without an axis makes one row.</summary>
    [Fact]
    public void A_single_index_is_one_hot()
    {
        var y = Run(11, "OneHot", [("x", TensorData.Create<long>([1])), ("depth", TensorData.Create<long>([3])), ("values", TensorData.Create<float>([2, 5], 2))], ElementType.Float32, _ => { });
        Assert.Null(Numbers.Difference(y, TensorData.Create<float>([2, 5, 2], 3)));
    }

    private static void Window(GraphNode node)
    {
        node.Attributes["kernel_shape"] = new IntsValue([2, 2]);
        node.Attributes["strides"] = new IntsValue([2, 2]);
    }

    private static TensorData Doubles(float[] values) => TensorData.Create<double>([.. values.Select(value => (double)value)], values.Length);

    private static TensorData Run(int opset, string operation, (string Name, TensorData Data)[] inputs, ElementType type, Action<GraphNode> set)
    {
        var node = new GraphNode(operation, inputs.Select(input => input.Name), ["y"], "the node");
        set(node);
        var graph = new ModelGraph { Name = "one", Opset = opset };
        graph.Nodes.Add(node);
        foreach (var (name, data) in inputs)
        {
            graph.Inputs.Add(new(name, data.Type, [.. data.Shape.Select(Dimension.Of)]));
        }

        graph.Outputs.Add(new("y", type, null));
        using var executor = new GraphExecutor(graph, new() { Precision = type == ElementType.Float64 ? type : ElementType.Float32 });
        return executor.Evaluate(inputs.ToDictionary(input => input.Name, input => input.Data))["y"];
    }
}
