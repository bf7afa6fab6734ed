using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime.Tests.Passes;

namespace DistillSharp.Runtime.Tests.Quantization;

public sealed class QuantizedArithmeticTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ONNX_Runtime_answers_what_the_arithmetic_of_the_integers_gives_in_float64(int seed)
    {
        var graph = Quantized.Residual(8).Graph;
        var quantizer = Quantized.Calibrate(graph);
        var int8 = quantizer.Quantize(cancellation: TestContext.Current.CancellationToken);
        var input = PassAssert.Feeds(graph, seed, free: 2)["x"];

        double[] expected = new ReferenceArithmetic(int8).Run("x", input, "y");
        using var session = ModelSession.Open(OnnxFile.Serialize(int8), new() { Threads = 1 });
        float[] actual = session.Run(input.AsSpan<float>().ToArray(), [.. input.Shape]).Values;

        // Integers at a tie may fall to the other side in float32, a step of one value in hundreds.
        double error = Math.Sqrt(expected.Zip(actual, (a, b) => (a - b) * (a - b)).Sum() / expected.Sum(number => number * number));
        double rounding = Quantized.Difference(quantizer.Prepared, int8);
        Assert.InRange(error, 0, 0.003);
        Assert.True(error < rounding, $"Off by {error}, and quantising itself only changes {rounding}.");
    }
}
