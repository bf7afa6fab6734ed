using DistillSharp.Graph;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Runtime.Tests.Passes;

namespace DistillSharp.Runtime.Tests.Quantization;

public sealed class BiasCorrectionTests
{
    [Fact]
    public void The_mean_error_of_the_outputs_gets_smaller()
    {
        double before = MeanError(correct: false), after = MeanError(correct: true);

        Assert.True(after < 0.5 * before, $"{before} before, {after} after.");
    }

    private static double MeanError(bool correct)
    {
        // One scale for a weight and 7 bits leave errors large enough to see.
        var graph = Quantized.Residual(8).Graph;
        var quantizer = Quantized.Calibrate(graph, new() { CorrectBias = correct, Quantization = new() { PerChannel = false, ReducedRange = true } });
        var int8 = quantizer.Quantize(cancellation: TestContext.Current.CancellationToken);
        double[] errors = new double[5];
        for (int seed = 5; seed < 8; seed++)
        {
            var feeds = PassAssert.Feeds(graph, seed, 4);
            double[] a = PassAssert.Numbers(SessionRun.Run(quantizer.Prepared, feeds)["y"]), b = PassAssert.Numbers(SessionRun.Run(int8, feeds)["y"]);
            for (int i = 0; i < a.Length; i++)
            {
                errors[i % 5] += b[i] - a[i];
            }
        }

        return errors.Sum(Math.Abs);
    }
}
