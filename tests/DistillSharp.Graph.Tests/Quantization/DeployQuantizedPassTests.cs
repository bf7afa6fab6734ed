using DistillSharp.Graph.Quantization;

namespace DistillSharp.Graph.Tests.Quantization;

/// <summary>What the pass does to quantised files of others, sound and damaged; its work on our own is held against ONNX Runtime.</summary>
public sealed class DeployQuantizedPassTests
{
    private static readonly float[] s_weight = [1, 2, 3, 4];
    private static readonly float[] s_ones = [1, 1];

    [Fact]
    public void Each_channel_is_rounded_with_its_own_zero_point()
    {
        var graph = Deployed(Weights(TensorData.Create<float>(s_ones, 2), TensorData.Create<sbyte>([1, -1], 2), ["w", "scale", "zero"]));

        Assert.DoesNotContain(graph.Nodes, node => node.Operation == "QuantizeLinear");
        var stored = graph.FindInitializer(graph.Nodes[0].Inputs[0])!.Data;
        Assert.Equal(ElementType.Int8, stored.Type);
        Assert.Equal(new sbyte[] { 2, 3, 2, 3 }, stored.AsSpan<sbyte>().ToArray());
    }

    public static TheoryData<string> Damages => ["a scale of 0", "a scale too many", "no scales", "a zero point in float", "a zero point too many", "zero points of 16 bits"];

    [Theory]
    [MemberData(nameof(Damages))]
    public void What_does_not_fit_stays_as_it_is(string damage)
    {
        var scale = TensorData.Create<float>(s_ones, 2);
        var zero = TensorData.Create<sbyte>([0, 0], 2);
        string[] inputs = ["w", "scale", "zero"];
        switch (damage)
        {
            case "a scale of 0":
                scale = TensorData.Create<float>([1, 0], 2);
                break;
            case "a scale too many":
                scale = TensorData.Create<float>([1, 1, 1], 3);
                break;
            case "no scales":
                scale = TensorData.Create<float>([], 0);
                break;
            case "a zero point in float":
                zero = TensorData.Create<float>(s_ones, 2);
                break;
            case "a zero point too many":
                zero = TensorData.Create<sbyte>([0, 0, 0], 3);
                break;
            default:
                zero = TensorData.Create<short>([0, 0], 2);
                break;
        }

        var graph = Deployed(Weights(scale, zero, inputs));

        Assert.Equal(inputs, Assert.Single(graph.Nodes, node => node.Operation == "QuantizeLinear").Inputs);
        Assert.Equal(s_weight, graph.FindInitializer("w")!.Data.AsSpan<float>().ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_bias_whose_layer_has_no_fitting_scales_stays_in_float(int scales)
    {
        var graph = Weights(TensorData.Create<float>(Enumerable.Repeat(1f, scales).ToArray(), scales), TensorData.Create<sbyte>([0], 1), ["w", "scale", "zero"]);
        graph.Add(new("x_scale", TensorData.Create<float>([0.5f], 1), trainable: false));
        graph.Add(new("bias", TensorData.Create<float>([1, 2], 2), trainable: true));
        graph.Inputs.Add(new("x", ElementType.Int8, [Dimension.Of(1), Dimension.Of(2)]));
        graph.Nodes.Add(new("DequantizeLinear", ["x", "x_scale"], ["x_float"]));
        graph.Nodes.Add(new("Gemm", ["x_float", "y", "bias"], ["z"]));
        graph.Outputs.Add(new("z", ElementType.Float32, null));

        Assert.Equal("bias", Deployed(graph).Nodes[^1].Inputs[2]);
    }

    private static ModelGraph Deployed(ModelGraph graph) => new DeployQuantizedPass().ApplyInPlace(graph).Graph;

    /// <summary>A weight of 2x2 that is rounded along its rows and given back.</summary>
    private static ModelGraph Weights(TensorData scale, TensorData zero, string[] inputs)
    {
        var graph = new ModelGraph();
        graph.Add(new("w", TensorData.Create<float>(s_weight, 2, 2), trainable: true));
        graph.Add(new("scale", scale, trainable: false));
        graph.Add(new("zero", zero, trainable: false));
        foreach (var (operation, read, made) in new[] { ("QuantizeLinear", inputs, "q"), ("DequantizeLinear", ["q", "scale", "zero"], "y") })
        {
            var node = new GraphNode(operation, read, [made]);
            node.Attributes["axis"] = new IntValue(0);
            graph.Nodes.Add(node);
        }

        graph.Outputs.Add(new("y", ElementType.Float32, null));
        return graph;
    }
}
