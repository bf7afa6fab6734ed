using DistillSharp.Graph;
using DistillSharp.Graph.Quantization;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Runtime.Tests.Passes;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Runtime.Tests.Quantization;

public sealed class QuantizationErrorsTests
{
    [Fact]
    public void An_empty_calibration_set_is_refused() =>
        Assert.Contains("calibration set is empty", Assert.Throws<DataException>(() => new CalibrationSet([])).Message, StringComparison.Ordinal);

    [Fact]
    public void Samples_of_another_shape_are_refused_with_both_shapes()
    {
        var set = new CalibrationSet([new CalibrationBatch(new float[2 * 3 * 5 * 5], [2, 3, 5, 5])]);

        Refused(() => StaticQuantizer.Calibrate(Quantized.Residual().Graph, set, new()), "[2, 3, 5, 5]", "[?, 3, 6, 6]", "'x'");
    }

    [Fact]
    public void A_value_that_becomes_nan_is_named()
    {
        var graph = Quantized.Residual().Graph;
        graph.FindInitializer("w2")!.Data.AsSpan<float>()[3] = float.NaN;

        Refused(() => Quantized.Calibrate(graph), "'c2'", "NaN");
    }

    [Fact]
    public void A_quantised_graph_is_not_quantised_again()
    {
        var once = Quantized.Calibrate(Quantized.Residual().Graph).Quantize(cancellation: TestContext.Current.CancellationToken);

        Refused(() => Quantized.Calibrate(once), "quantised already", "Quantise the float model");
        Refused(() => new DynamicQuantizePass(new()).Apply(once), "quantised already");
    }

    [Fact]
    public void A_graph_without_layers_is_refused() =>
        Refused(() => Quantized.Calibrate(new TestGraph().Input("x", 1, 3).Node("Relu", ["x"], ["y"]).Output("y").Graph), "nothing to quantise", "no Conv, ConvTranspose, Gemm or MatMul");

    [Fact]
    public void An_unknown_name_to_stay_in_float_is_refused_with_what_was_meant()
    {
        Refused(() => Quantized.Calibrate(Quantized.Residual().Graph, Keep("make_c3")), "'make_c3'", "Did you mean 'make_c1'?");
        Refused(() => Quantized.Calibrate(Quantized.Residual().Graph, new() { Quantization = new() { KeepFloatOperators = ["Convv"] } }), "'Convv'", "Did you mean 'Conv'?");
    }

    [Fact]
    public void A_computed_weight_is_refused_and_the_node_named_unless_it_stays_in_float()
    {
        ModelGraph Graph() => new TestGraph().Input("x", 2, 3, 6, 6).Weight("w", 4, 3, 3, 3).Weight("w2", 4, 4, 1, 1).Node("Softmax", ["x"], ["s"])
            .Node("ReduceMean", ["s"], ["m"], ("keepdims", new IntValue(0))).Node("Mul", ["w", "m"], ["computed"])
            .Node("Conv", ["x", "computed"], ["c"]).Node("Conv", ["c", "w2"], ["y"]).Output("y").Graph;

        Refused(() => Quantized.Calibrate(Graph()), "'computed'", "make_c", "--keep-float");
        Assert.Single(Quantized.Calibrate(Graph(), Keep("make_c")).Plan.Weighted);
    }

    [Fact]
    public void A_channel_of_zeros_quantises_with_its_bias_intact()
    {
        var graph = Quantized.Residual().Graph;
        graph.FindInitializer("w1")!.Data.AsSpan<float>()[..27].Clear();
        graph.FindInitializer("w3")!.Data.AsSpan<float>().Clear();
        var quantizer = Quantized.Calibrate(graph);
        var int8 = quantizer.Quantize(cancellation: TestContext.Current.CancellationToken);

        Assert.All(int8.Initializers.Where(initializer => initializer.Data.Type == ElementType.Float32), scale => Assert.All(scale.Data.AsSpan<float>().ToArray(), number => Assert.True(number is > 0 and < float.PositiveInfinity)));
        Assert.InRange(Quantized.Difference(quantizer.Prepared, int8), 0, 1e-3);
    }

    private static StaticQuantizationOptions Keep(string name) => new() { Quantization = new() { KeepFloat = [name] } };

    private static void Refused(Action work, params string[] words)
    {
        string message = Assert.ThrowsAny<GraphException>(work).Message;
        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
    }
}
