using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Execution.Yolo;

/// <summary>YOLO11 with the reference's weights gives the reference's numbers, in the executor and in ONNX Runtime, before and after fusion.</summary>
[Trait("Category", "Golden")]
public sealed class Yolo11ForwardTests
{
    [Fact]
    public void Outputs_maps_and_layers_are_the_references_in_the_executor()
    {
        foreach (var one in YoloCase.Forwards())
        {
            using var executor = new GraphExecutor(one.Graph, new() { Wanted = ["output0", "feat0", "feat1", "feat2", .. one.Taps.Select(tap => tap.Value)] });
            using var pictures = one.Tensor("x");
            using var values = executor.Evaluate(pictures);

            Check(one, "executor", name => YoloCase.Numbers(values[name]));
        }
    }

    [Fact]
    public void Outputs_maps_and_layers_are_the_references_in_onnx_runtime()
    {
        foreach (var one in YoloCase.Forwards())
        {
            var values = YoloCase.Session(one.Tapped(), one.Arrays["x"]);

            Check(one, "session", name => values[name]);
        }
    }

    [Fact]
    public void Fused_boxes_are_within_a_hundredth_of_a_pixel_and_scores_within_a_ten_thousandth()
    {
        foreach (var one in YoloCase.Forwards())
        {
            var fused = new FoldBatchNormPass().Apply(one.Graph).Graph;
            Assert.DoesNotContain(fused.Nodes, node => node.Operation == "BatchNormalization");
            using var executor = new GraphExecutor(fused);
            using var pictures = one.Tensor("x");
            using var values = executor.Evaluate(pictures);
            var expected = one.Arrays[one.Arrays.ContainsKey("pred_fused") ? "pred_fused" : "pred"];
            foreach (double[] found in new[] { YoloCase.Session(fused, one.Arrays["x"])["output0"], YoloCase.Numbers(values["output0"]) })
            {
                // One picture after the other: four rows of pixels, then scores.
                long anchors = expected.Shape[2], picture = expected.Shape[1] * anchors;
                double boxes = 0, scores = 0;
                for (int i = 0; i < found.Length; i++)
                {
                    double difference = Math.Abs(found[i] - expected.Values[i]);
                    (boxes, scores) = i % picture < 4 * anchors ? (Math.Max(boxes, difference), scores) : (boxes, Math.Max(scores, difference));
                }

                TestContext.Current.TestOutputHelper?.WriteLine($"{one.Name}: boxes {boxes:E1} pixels, scores {scores:E1}");
                Assert.InRange(boxes, 0, 1e-2);
                Assert.InRange(scores, 0, 1e-4);
            }
        }
    }

    [Fact]
    public void Pictures_may_lie_with_their_channels_last()
    {
        foreach (var one in YoloCase.Forwards())
        {
            using var executor = new GraphExecutor(one.Graph);
            using var pictures = one.Tensor("x");
            using var pixels = pictures.permute(0, 2, 3, 1);
            using var whole = pixels.contiguous();
            using var turned = whole.permute(0, 3, 1, 2);
            using var values = executor.Evaluate(turned);

            Assert.False(turned.is_contiguous());
            Check(one with { Arrays = one.Arrays.Where(array => !array.Key.StartsWith("layer", StringComparison.Ordinal)).ToDictionary() }, "executor, channels last", name => YoloCase.Numbers(values[name]));
        }
    }

    [Fact]
    public void Cells_and_strides_are_the_references()
    {
        foreach (var one in YoloCase.Forwards().Where(one => one.Arrays.ContainsKey("anchors")))
        {
            using var executor = new GraphExecutor(one.Graph, new() { Wanted = ["model.23.cells", "model.23.strides"] });
            using var pictures = one.Tensor("x");
            using var values = executor.Evaluate(pictures);

            Assert.Equal(one.Arrays["anchors"].Values, YoloCase.Numbers(values["model.23.cells"]));
            Assert.Equal(one.Arrays["strides"].Values, YoloCase.Numbers(values["model.23.strides"]));
        }
    }

    private static void Check(YoloCase one, string engine, Func<string, double[]> find)
    {
        foreach (var (array, value) in one.Taps.Concat([("pred", "output0"), ("feat0", "feat0"), ("feat1", "feat1"), ("feat2", "feat2")]))
        {
            double error = one.Error(array, find(value));
            TestContext.Current.TestOutputHelper?.WriteLine($"{one.Name}, {engine}, {array}: {error:E1}");
            Assert.True(error <= 1e-4, $"{one.Name}: {array} of the {engine} is off by {error:E2} of its largest; 1e-4 is allowed.");
        }
    }
}
