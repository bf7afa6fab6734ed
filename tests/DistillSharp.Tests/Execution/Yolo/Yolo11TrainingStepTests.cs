using DistillSharp.Detection.Losses;
using DistillSharp.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Execution.Yolo;

/// <summary>One forward and backward in training mode against the reference's: maps, loss, gradients and running statistics.</summary>
[Trait("Category", "Golden")]
public sealed class Yolo11TrainingStepTests
{
    private static readonly string[] s_maps = ["feat0", "feat1", "feat2"];

    [Fact]
    public void Maps_of_the_batch_s_statistics_and_the_running_ones_afterwards_are_the_references()
    {
        foreach (var one in YoloCase.Steps())
        {
            using var executor = new GraphExecutor(one.Graph, new() { Wanted = s_maps });
            using var pictures = one.Tensor("img");
            using var maps = executor.Train(pictures, step: 0);

            foreach (string map in s_maps)
            {
                Check(one, $"e2e_{map}", YoloCase.Numbers(maps[map]), 1e-4);
            }

            var after = one.Graph.Clone();
            executor.WriteTo(after);
            string[] buffers = [.. one.Arrays.Keys.Where(name => name.StartsWith("e2e_after__", StringComparison.Ordinal))];
            Assert.NotEmpty(buffers);
            foreach (string buffer in buffers)
            {
                Check(one, buffer, Array.ConvertAll(after.FindInitializer(buffer["e2e_after__".Length..])!.Data.AsSpan<float>().ToArray(), value => (double)value), 1e-4);
            }
        }
    }

    [Fact]
    public void The_loss_and_every_gradient_are_the_references()
    {
        foreach (var one in YoloCase.Steps())
        {
            using var executor = new GraphExecutor(one.Graph, new() { Wanted = s_maps });
            using var pictures = one.Tensor("img");
            using var maps = executor.Train(pictures, step: 0);
            using var targets = Targets(one);
            using var loss = new DetectionLoss(new() { Classes = (int)one.Arrays["e2e_feat0"].Shape[1] - 64 }).Compute([.. s_maps.Select(map => maps[map])], targets);
            loss.Total.backward();

            Check(one, "e2e_items", [loss.Box, loss.Class, loss.Distribution], 1e-4);
            Check(one, "e2e_total", [loss.Total.ToDouble()], 1e-4);
            string[] gradients = [.. one.Arrays.Keys.Where(name => name.StartsWith("e2e_grad__", StringComparison.Ordinal))];
            Assert.NotEmpty(gradients);
            foreach (string gradient in gradients)
            {
                using var view = FlatBuffer.View(executor.Gradients, executor.Weights.Find(gradient["e2e_grad__".Length..])!);

                // What all errors of a backward pass through 80 norms of small batches add up to.
                Check(one, gradient, YoloCase.Numbers(view), 3e-4);
            }

            // Summed in float64: the squares of 2.6 million numbers.
            using var wide = executor.Gradients.to(ScalarType.Float64);
            using var norm = wide.norm();
            Check(one, "e2e_gradnorm_total", [norm.ToDouble()], 1e-4);
        }
    }

    private static Tensor Targets(YoloCase one)
    {
        var (pictures, classes, boxes) = (one.Arrays["batch_idx"].Values, one.Arrays["cls"].Values, one.Arrays["bboxes"].Values);
        return tensor([.. pictures.SelectMany((picture, i) => new[] { (float)picture, (float)classes[i], (float)boxes[4 * i], (float)boxes[(4 * i) + 1], (float)boxes[(4 * i) + 2], (float)boxes[(4 * i) + 3] })], [pictures.Count, 6]);
    }

    private static void Check(YoloCase one, string array, double[] found, double allowed)
    {
        double error = one.Error(array, found);
        TestContext.Current.TestOutputHelper?.WriteLine($"{one.Name}, {array}: {error:E1}");
        Assert.True(error <= allowed, $"{one.Name}: {array} is off by {error:E2} of its largest; {allowed:E0} is allowed.");
    }
}
