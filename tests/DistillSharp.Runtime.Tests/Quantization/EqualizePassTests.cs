using DistillSharp.Graph;
using DistillSharp.Graph.Quantization;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Runtime.Tests.Passes;

namespace DistillSharp.Runtime.Tests.Quantization;

public sealed class EqualizePassTests
{
    private static (string, AttributeValue) Pads => ("pads", new IntsValue([1, 1, 1, 1]));

    [Fact]
    public void The_outputs_stay_the_same_and_the_ranges_of_both_layers_meet()
    {
        var graph = Uneven();

        var result = PassAssert.Keeps(graph, new EqualizePass(), 1e-5);

        Assert.Equal(2, result.Changes[0].Counts["pairs of layers equalised"]);
        float[] depthwise = result.Graph.FindInitializer("w2")!.Data.AsSpan<float>().ToArray(), last = result.Graph.FindInitializer("w3")!.Data.AsSpan<float>().ToArray();
        for (int channel = 0; channel < 4; channel++)
        {
            double made = depthwise.Skip(channel * 9).Take(9).Max(Math.Abs), read = Enumerable.Range(0, 5).Max(output => Math.Abs(last[(output * 4) + channel]));
            Assert.Equal(1, made / read, 0.02);
        }
    }

    [Fact]
    public void One_scale_for_all_channels_costs_less_after_it()
    {
        double Cost(bool equalize)
        {
            var graph = Uneven();
            var quantizer = Quantized.Calibrate(graph, new() { Equalize = equalize, Quantization = new() { PerChannel = false } });
            return Quantized.Difference(graph, quantizer.Quantize(cancellation: TestContext.Current.CancellationToken));
        }

        Assert.True(Cost(true) < 0.5 * Cost(false), $"{Cost(true)} against {Cost(false)}");
    }

    [Fact]
    public void What_something_else_reads_too_is_left_alone()
    {
        var graph = new TestGraph().Input("x", 1, 3, 6, 6).Weight("w1", 4, 3, 3, 3).Weight("w2", 4, 4, 3, 3)
            .Node("Conv", ["x", "w1"], ["c"], Pads).Node("Relu", ["c"], ["r"]).Node("Conv", ["r", "w2"], ["d"], Pads).Node("Add", ["r", "d"], ["y"]).Output("y").Graph;

        Assert.Equal(0, PassAssert.Keeps(graph, new EqualizePass(), 0).Changes[0].Total);
    }

    /// <summary>Conv, Relu, a depthwise Conv, Relu, Conv; the channels differ by factors of a hundred.</summary>
    private static ModelGraph Uneven()
    {
        var graph = new TestGraph().Input("x", Dimension.Named("batch"), 3, 6, 6).Weight("w1", 4, 3, 3, 3).Weight("b1", 4).Weight("w2", 4, 1, 3, 3).Weight("b2", 4).Weight("w3", 5, 4, 1, 1)
            .Node("Conv", ["x", "w1", "b1"], ["c1"], Pads).Node("Relu", ["c1"], ["r1"])
            .Node("Conv", ["r1", "w2", "b2"], ["c2"], Pads, ("group", new IntValue(4))).Node("Relu", ["c2"], ["r2"]).Node("Conv", ["r2", "w3"], ["y"]).Output("y").Graph;
        Stretch(graph, "w1", 27);
        Stretch(graph, "b1", 1);
        return graph;
    }

    private static void Stretch(ModelGraph graph, string name, int perChannel)
    {
        var weights = graph.FindInitializer(name)!.Data.AsSpan<float>();
        var readers = graph.FindInitializer("w2")!.Data.AsSpan<float>();
        float[] factors = [1, 10, 0.1f, 0.01f];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] *= factors[i / perChannel];
        }

        for (int i = 0; perChannel > 1 && i < readers.Length; i++)
        {
            readers[i] /= factors[i / 9];
        }
    }
}
