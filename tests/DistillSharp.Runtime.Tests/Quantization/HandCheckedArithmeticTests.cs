using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Quantization;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Runtime.Tests.Passes;

namespace DistillSharp.Runtime.Tests.Quantization;

/// <summary>Two small layers whose scales, zero points, integers and answers were computed by hand.</summary>
public sealed class HandCheckedArithmeticTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Scales_zero_points_and_integers_are_those_of_the_hand()
    {
        var int8 = Make();

        // x: 1.55 + 1 over 255 steps, -1 at integer 0. Hidden: its largest number is -0.24 + 1.55·2.54 + 0.128 = 3.825, its least 0 behind Relu.
        var (q, w1, b1, w2, b2) = (Node(int8, "QuantizeLinear", 0), Layer(int8, 0, 1), Layer(int8, 0, 2), Layer(int8, 1, 1), Layer(int8, 1, 2));
        Assert.Equal([0.01], Floats(int8, q.Inputs[1]), s_near);
        Assert.Equal([100.0], PassAssert.Numbers(int8.FindInitializer(q.Inputs[2])!.Data));
        var hidden = Node(int8, "QuantizeLinear", 1);
        Assert.Equal([0.015], Floats(int8, hidden.Inputs[1]), s_near);
        Assert.Equal([0.0], PassAssert.Numbers(int8.FindInitializer(hidden.Inputs[2])!.Data));

        // Weights: the largest of each row is 127. Biases: at input scale times weight scale.
        Assert.Equal([127, -50, 12, 127], Bytes(int8, w1));
        Assert.Equal([0.01, 0.02], Floats(int8, w1.Inputs[1]), s_near);
        Assert.Equal([5000, 640], int8.FindInitializer(b1.Inputs[0])!.Data.AsSpan<int>().ToArray());
        Assert.Equal([1e-4, 2e-4], Floats(int8, b1.Inputs[1]), s_near);
        Assert.Equal([127, -60], Bytes(int8, w2));
        Assert.Equal([0.005], Floats(int8, w2.Inputs[1]), s_near);
        Assert.Equal([400], int8.FindInitializer(b2.Inputs[0])!.Data.AsSpan<int>().ToArray());
        Assert.Equal([7.5e-5], Floats(int8, b2.Inputs[1]), s_near);
    }

    [Theory]
    [InlineData(0.5f, 0.25f, 5369)] // integers 50, 25: 10100 and 4415 of 1e-4 and 2e-4 are 67 and 59 of 0.015; 67·127 - 59·60 + 400
    [InlineData(-1f, 1f, -9320)] // -100, 100: below zero, and 12140 is 162; -162·60 + 400
    [InlineData(2f, 0f, 19375)] // saturates at 155, 0: 24685 is 165, 2500 is 33; 165·127 - 33·60 + 400
    public void ONNX_Runtime_answers_the_number_of_the_hand(float x0, float x1, int steps)
    {
        using var session = ModelSession.Open(OnnxFile.Serialize(Make()), new() { Threads = 1 });

        Assert.Equal(7.5e-5 * steps, session.Run(new[] { x0, x1 }, [1, 2]).Values[0], 2e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whole_convolutions_give_the_integers_of_integer_arithmetic_within_one(int seed)
    {
        var graph = Convolutions();
        var quantizer = Quantized.Calibrate(graph);
        var int8 = quantizer.Quantize(cancellation: Cancellation);
        var input = PassAssert.Feeds(graph, seed, free: 2)["x"];

        var last = Node(int8, "QuantizeLinear", 2);
        double scale = Floats(int8, last.Inputs[1])[0], zero = PassAssert.Numbers(int8.FindInitializer(last.Inputs[2])!.Data)[0];
        using var session = ModelSession.Open(OnnxFile.Serialize(int8), new() { Threads = 1 });
        int[] actual = [.. session.Run(input.AsSpan<float>().ToArray(), [.. input.Shape]).Values.Select(number => (int)Math.Round((number / scale) + zero))];
        int[] expected = IntegerArithmetic.Run(int8, input);

        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
        Assert.True(expected.Zip(actual).Count(pair => pair.First == pair.Second) > 0.98 * expected.Length);
        Assert.True(expected.Distinct().Count() > 50, "The integers must spread, or their agreement proves nothing.");
    }

    private static readonly IEqualityComparer<double> s_near = EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) <= 1e-6 * Math.Abs(b), _ => 0);

    private static ModelGraph Make()
    {
        var graph = new TestGraph().Input("x", Dimension.Named("batch"), 2)
            .Constant("w1", TensorData.Create<float>([1.27f, -0.5f, 0.24f, 2.54f], 2, 2)).Constant("b1", TensorData.Create<float>([0.5f, 0.128f], 2))
            .Constant("w2", TensorData.Create<float>([0.635f, -0.3f], 1, 2)).Constant("b2", TensorData.Create<float>([0.03f], 1))
            .Node("Gemm", ["x", "w1", "b1"], ["h"], ("transB", new IntValue(1))).Node("Relu", ["h"], ["r"])
            .Node("Gemm", ["r", "w2", "b2"], ["y"], ("transB", new IntValue(1))).Output("y").Graph;
        var set = new CalibrationSet([new CalibrationBatch(new[] { 1.55f, -1f, -1f, 1.55f }, [2, 2])]);
        return StaticQuantizer.Calibrate(graph, set, new() { Threads = 1, Quantization = new() { Target = QuantizationTarget.Vnni } }, cancellation: Cancellation).Quantize(cancellation: Cancellation);
    }

    private static ModelGraph Convolutions()
    {
        (string, AttributeValue) pads = ("pads", new IntsValue([1, 1, 1, 1]));
        return new TestGraph().Input("x", Dimension.Named("batch"), 3, 6, 6).Weight("w1", 8, 3, 3, 3).Weight("b1", 8).Weight("w2", 4, 8, 3, 3).Weight("b2", 4)
            .Node("Conv", ["x", "w1", "b1"], ["c"], pads).Node("Relu", ["c"], ["r"]).Node("Conv", ["r", "w2", "b2"], ["y"], pads).Output("y").Graph;
    }

    private static GraphNode Node(ModelGraph graph, string operation, int index) => graph.Nodes.Where(node => node.Operation == operation).ElementAt(index);

    /// <summary>What dequantises an input of a layer.</summary>
    private static GraphNode Layer(ModelGraph graph, int layer, int input) => graph.Nodes.Single(node => node.Outputs[0] == Node(graph, "Gemm", layer).Inputs[input]);

    private static double[] Floats(ModelGraph graph, string name) => PassAssert.Numbers(graph.FindInitializer(name)!.Data);

    private static int[] Bytes(ModelGraph graph, GraphNode dequantize) => Array.ConvertAll(graph.FindInitializer(dequantize.Inputs[0])!.Data.AsSpan<sbyte>().ToArray(), number => (int)number);
}
