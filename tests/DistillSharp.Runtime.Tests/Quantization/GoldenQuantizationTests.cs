using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Quantization;
using DistillSharp.Runtime.Calibration;
using DistillSharp.Runtime.Tests.Passes;
using DistillSharp.TestKit.Golden;

namespace DistillSharp.Runtime.Tests.Quantization;

/// <summary>Whole models from elsewhere, of older operator sets, at 224 x 224. Those of more than 50 million weights are only planned: five copies of them would be held at once.</summary>
[Trait("Category", "Golden")]
public sealed class GoldenQuantizationTests
{
    [Fact]
    public void Every_model_becomes_integers_throughout_and_runs_without_a_warning()
    {
        var paths = GoldenFiles.Of("onnx-models", "*.onnx");
        foreach (string path in paths)
        {
            var prepared = Prepare(path);
            var plan = QuantizationPlan.Of(prepared, new());
            Assert.Equal((prepared.Nodes.Count(node => node.Operation is "Conv" or "Gemm"), 0), (plan.Weighted.Count, plan.FloatLayers));
            if (prepared.Initializers.Sum(initializer => initializer.Data.Count) > 50_000_000)
            {
                continue;
            }

            var quantizer = StaticQuantizer.Calibrate(prepared, Quantized.Noise(prepared, batches: 2), new() { Threads = 1 }, cancellation: TestContext.Current.CancellationToken);
            var int8 = quantizer.Quantize(cancellation: TestContext.Current.CancellationToken);
            int layers = prepared.Nodes.Count(node => node.Operation is "Conv" or "Gemm");
            Assert.Equal((layers, 0), (quantizer.Plan.Weighted.Count, quantizer.Plan.FloatLayers));
            Assert.All(int8.Nodes.Where(node => node.Operation is "Conv" or "Gemm"), node => Assert.Null(int8.FindInitializer(node.Inputs[1])));
            Assert.Empty(SessionLog.Warnings(int8));

            double difference = Quantized.Difference(prepared, int8), share = (double)OnnxFile.Serialize(int8).Length / OnnxFile.Serialize(prepared).Length;
            TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(path)}: {layers} layers, {-20 * Math.Log10(difference):0.0} dB, {100 * share:0.0} % of the float file");
            Assert.InRange(difference, 1e-6, 0.1);
            Assert.InRange(share, 0.25, 0.27);
        }

    }

    /// <summary>Weights that nodes make are all alike and answer the same everywhere; drawn at random, every layer matters. A Softmax would hide it.</summary>
    private static ModelGraph Prepare(string path)
    {
        var graph = StaticQuantizer.Prepare(OnnxFile.Load(path)).Graph;
        if (graph.Nodes[^1].Operation == "Softmax")
        {
            graph = new ExtractPass([], [graph.Nodes[^1].Inputs[0]]).ApplyInPlace(graph).Graph;
        }

        foreach (var initializer in graph.Randomized().Initializers.Where(initializer => initializer.Data.Type == ElementType.Float32))
        {
            // Behind Relu half of the variance is left, and a uniform number has a third.
            foreach (ref float number in initializer.Data.AsSpan<float>())
            {
                number *= initializer.Data.Shape.Count > 1 ? MathF.Sqrt(6) : 0;
            }
        }

        return graph;
    }
}
