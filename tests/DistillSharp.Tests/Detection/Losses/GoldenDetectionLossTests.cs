using DistillSharp.Detection.Losses;
using DistillSharp.TestKit.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Detection.Losses;

/// <summary>Against the reference's loss, assignment and gradients: every case in the folder.</summary>
[Trait("Category", "Golden")]
public sealed class GoldenDetectionLossTests
{
    [Theory]
    [InlineData(ScalarType.Float32, "loss_items", "loss_total", 1e-4)]
    [InlineData(ScalarType.Float64, "loss_items64", "loss_total64", 1e-6)]
    public void Items_total_and_gradients_are_the_references(ScalarType type, string items, string total, double tolerance)
    {
        var cases = LossCase.All();
        foreach (var one in cases)
        {
            var maps = one.Maps(type);
            Array.ForEach(maps, map => map.requires_grad_());
            using var targets = one.Targets();
            using var value = new DetectionLoss(one.Options).Compute(maps, targets);
            value.Total.backward();

            Near($"{one.Name}: the items", [value.Box, value.Class, value.Distribution], one.Arrays[items].Values, tolerance);
            Near($"{one.Name}: the total", [value.Total.ToDouble()], one.Arrays[total].Values, tolerance);
            for (int i = 0; i < maps.Length; i++)
            {
                Near($"{one.Name}: the gradient of map {i}", TensorNumbers.Of(maps[i].grad!), one.Arrays[$"grad{i}"].Values, 1e-4);
                maps[i].Dispose();
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{cases.Count} cases in {type}");
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void The_assignment_is_the_references(ScalarType type)
    {
        var cases = LossCase.All();
        foreach (var one in cases)
        {
            var maps = one.Maps(type);
            using var targets = one.Targets();
            var grid = DetectionMaps.Check(maps, one.Options);
            var truth = TrueBoxes.Read(targets, one.Pictures, one.Classes, grid.InputSize, single: true);
            var matches = new DetectionLoss(one.Options).Assign(grid, truth, maps);
            Array.ForEach(maps, map => map.Dispose());

            double[] mask = new double[one.Pictures * grid.Count], scores = new double[mask.Length * one.Classes];
            foreach (var match in matches)
            {
                int at = (match.Picture * grid.Count) + match.Anchor;
                var box = truth.All[match.Truth];
                mask[at] = 1;
                scores[(at * one.Classes) + box.ClassIndex] = match.Score;
                Assert.Equal(one.Arrays["target_labels"].Values[at], box.ClassIndex);
                Assert.Equal(one.Arrays["target_gt_idx"].Values[at], truth.ByPicture[match.Picture].ToList().IndexOf(match.Truth));
                Assert.Equal(one.Arrays["target_bboxes"].Values.Skip(4 * at).Take(4), [box.Left, box.Top, box.Right, box.Bottom]);
            }

            Assert.Equal(one.Arrays["fg_mask"].Values, mask);
            Assert.Equal(one.Arrays["target_scores_sum"].Scalar, Math.Max(1, matches.Sum(match => match.Score)), 1e-4 * one.Arrays["target_scores_sum"].Scalar);
            if (matches.Count > 0)
            {
                Near($"{one.Name}: the wanted scores", scores, one.Arrays["target_scores"].Values, 1e-4);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{cases.Count} cases in {type}");
    }

    private static void Near(string what, IReadOnlyList<double> actual, IReadOnlyList<double> expected, double tolerance)
    {
        double error = CentralDifferences.RelativeError(actual, expected);
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {error:E1}");
        Assert.True(error <= tolerance, $"{what} is off by {error:E2} of the largest; {tolerance:E0} is allowed.");
    }
}
