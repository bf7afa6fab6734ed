using DistillSharp.Detection.Losses;
using DistillSharp.TestKit.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Detection.Losses;

public sealed class DetectionLossTests
{
    [Fact]
    public void The_total_is_the_items_sum_times_the_pictures_and_the_gains_scale_them()
    {
        using var scene = new LossScene(LossScene.ThreeBoxes);
        using var value = scene.Compute();
        using var other = scene.Compute(LossScene.Options with { BoxGain = 15, ClassGain = 0, DistributionGain = 0.5 });

        Assert.Equal(2 * (value.Box + value.Class + value.Distribution), value.Total.ToDouble(), 1e-10);
        Assert.Equal((2 * value.Box, 0, value.Distribution / 3), (other.Box, other.Class, other.Distribution), (a, b) => Near(a.Item1, b.Item1) && Near(a.Item2, b.Item2) && Near(a.Item3, b.Item3));
        static bool Near(double a, double b) => Math.Abs(a - b) < 1e-12;
    }

    [Fact]
    public void Without_boxes_only_the_classes_pay_worked_by_hand()
    {
        // All logits are 0: log 2 for each of 3 classes of (8 x 6 + 4 x 3) anchors of 2 pictures, divided by 1, times the gain of 0.5.
        using var scene = new LossScene([]);
        using (no_grad())
        {
            Array.ForEach(scene.Maps, map => map.zero_());
        }

        using var value = scene.Compute();
        value.Total.backward();

        Assert.Equal((0, 0), (value.Box, value.Distribution));
        Assert.Equal(0.5 * 2 * 60 * 3 * Math.Log(2), value.Class, 1e-10);
        foreach (var map in scene.Maps)
        {
            // The gradient is 0.5 (probability) x 0.5 (gain) x 2 (pictures), and nothing for the sides.
            double[] gradient = TensorNumbers.Of(map.grad!);
            int plane = (int)(map.shape[2] * map.shape[3]);
            Assert.Equal(Enumerable.Range(0, gradient.Length).Select(i => i / plane % 35 < 32 ? 0 : 0.5), gradient);
        }
    }

    [Fact]
    public void A_picture_without_boxes_beside_one_with_some_pays_for_its_classes_only()
    {
        using var scene = new LossScene(LossScene.ThreeBoxes[..12]);
        var gradients = scene.Gradients();

        for (int i = 0; i < gradients.Length; i++)
        {
            int plane = (int)(scene.Maps[i].shape[2] * scene.Maps[i].shape[3]);
            var second = gradients[i].Skip(gradients[i].Length / 2).ToArray();
            Assert.All(second.Take(32 * plane), value => Assert.Equal(0, value));
            Assert.All(second.Skip(32 * plane), value => Assert.True(value > 0));
        }

        Assert.Contains(gradients[0].Take(32 * 48), value => value != 0);
    }

    [Fact]
    public void The_gradient_is_the_measured_one()
    {
        using var scene = new LossScene(LossScene.ThreeBoxes);
        Assert.True(scene.Assign().Count > 10);
        var gradients = scene.Gradients();

        // The wanted scores follow the prediction, and the aspect's weight too, but neither counts as a path of the gradient: hold them.
        for (int i = 0; i < scene.Maps.Length; i++)
        {
            double[] measured = CentralDifferences.Of(scene.Maps[i], new FrozenLoss(scene).Total);
            Assert.True(CentralDifferences.RelativeError(gradients[i], measured) < 1e-6);
        }
    }

    [Fact]
    public void The_order_of_pictures_and_of_boxes_does_not_matter()
    {
        float[] boxes = LossScene.ThreeBoxes;
        using var scene = new LossScene(boxes);
        using var swapped = new LossScene([0, .. boxes[13..18], 1, .. boxes[7..12], 1, .. boxes[1..6]]);
        using (no_grad())
        {
            for (int i = 0; i < scene.Maps.Length; i++)
            {
                using var flipped = scene.Maps[i].flip(0);
                swapped.Maps[i].copy_(flipped);
            }
        }

        double[][] gradients = scene.Gradients(), others = swapped.Gradients();
        for (int i = 0; i < gradients.Length; i++)
        {
            int half = gradients[i].Length / 2;
            Assert.True(CentralDifferences.RelativeError([.. others[i].Skip(half), .. others[i].Take(half)], gradients[i]) < 1e-12);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void A_hundred_boxes_tiny_boxes_empty_boxes_and_boxes_outside_stay_finite(ScalarType type)
    {
        var random = new Random(5);
        float[] hundred = [.. Enumerable.Range(0, 100).SelectMany(_ => new[] { 0, random.Next(3), random.NextSingle(), random.NextSingle(), random.NextSingle(), random.NextSingle() })];
        float[] odd = [1, 0, 0.5f, 0.5f, 1e-6f, 1e-6f, 1, 1, 0.5f, 0.5f, 0, 0, 1, 2, 3, 3, 0.5f, 0.5f, 1, 2, -1, 0.5f, 3.5f, 0.4f, 1, 1, 0.5f, 0.5f, 1000, 1000];
        using var scene = new LossScene([.. hundred, .. odd], type: type);

        var gradients = scene.Gradients();

        Assert.All(gradients, gradient => Assert.All(gradient, value => Assert.True(double.IsFinite(value))));
    }

    [Fact]
    public void Logits_of_any_size_stay_finite()
    {
        using var scene = new LossScene(LossScene.ThreeBoxes, type: ScalarType.Float32);
        using (no_grad())
        {
            Array.ForEach(scene.Maps, map => map.mul_(1000));
        }

        Assert.All(scene.Gradients(), gradient => Assert.All(gradient, value => Assert.True(double.IsFinite(value))));
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Half_precision_maps_are_computed_with_in_float32(ScalarType type)
    {
        using var scene = new LossScene(LossScene.ThreeBoxes, type: type);
        using var exact = new LossScene(LossScene.ThreeBoxes);
        using (no_grad())
        {
            for (int i = 0; i < 2; i++)
            {
                exact.Maps[i].copy_(scene.Maps[i]);
            }
        }

        using var value = scene.Compute();
        using var expected = exact.Compute();

        Assert.Equal(ScalarType.Float32, value.Total.dtype);
        Assert.Equal(expected.Total.ToDouble(), value.Total.ToDouble(), 1e-4 * expected.Total.ToDouble());
    }

    [Fact]
    public void Channels_last_maps_give_the_same()
    {
        using var scene = new LossScene(LossScene.ThreeBoxes);
        var laid = scene.Maps.Select(map => map.detach().permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2)).ToArray();
        using var expected = scene.Compute();
        using var value = new DetectionLoss(LossScene.Options).Compute(laid, scene.Targets);
        Array.ForEach(laid, map => map.Dispose());

        Assert.Equal(expected.Total.ToDouble(), value.Total.ToDouble(), 1e-10);
    }
}
