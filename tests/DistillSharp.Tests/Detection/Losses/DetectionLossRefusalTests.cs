using DistillSharp.Detection.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Detection.Losses;

public sealed class DetectionLossRefusalTests
{
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Maps_that_are_not_finite_are_refused_by_name(double value)
    {
        using var scene = new LossScene(LossScene.ThreeBoxes);
        using (no_grad())
        {
            scene.Maps[1][1, 33, 2, 1] = torch.tensor(value, ScalarType.Float64);
        }

        var error = Assert.Throws<ArithmeticException>(() => scene.Compute());
        Assert.Contains("map 1 (stride 16) holds 1 numbers", error.Message, StringComparison.Ordinal);
        Assert.Contains("lower the learning rate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Box_logits_that_are_not_numbers_are_refused_though_no_anchor_would_be_assigned()
    {
        using var scene = new LossScene(LossScene.ThreeBoxes);
        using (no_grad())
        {
            using var sides = scene.Maps[0].narrow(1, 0, 32);
            sides.fill_(double.NaN);
        }

        var error = Assert.Throws<ArithmeticException>(() => scene.Compute());
        Assert.Contains($"map 0 (stride 8) holds {2 * 32 * 48} numbers", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2f, 0f, 0.5f, "Row 1 of the targets names picture 2, but there are 2")]
    [InlineData(-1f, 0f, 0.5f, "names picture -1")]
    [InlineData(0.5f, 0f, 0.5f, "names picture 0.5")]
    [InlineData(0f, 3f, 0.5f, "names class 3, but there are 3: a whole number from 0 to 2")]
    [InlineData(float.NaN, 0f, 0.5f, "names picture NaN")]
    [InlineData(0f, 0f, -0.5f, "Row 1 of the targets holds the box (0.5, 0.5, -0.5, 0.25)")]
    [InlineData(0f, 0f, float.NaN, "must be finite")]
    public void Targets_that_cannot_be_are_refused_with_their_row(float picture, float number, float width, string expected)
    {
        using var scene = new LossScene([0, 0, 0.5f, 0.5f, 0.5f, 0.5f, picture, number, 0.5f, 0.5f, width, 0.25f]);
        var error = Assert.Throws<ArgumentException>(() => scene.Compute());
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Targets_of_another_shape_are_refused()
    {
        using var scene = new LossScene([]);
        using var targets = zeros(3, 5);
        var error = Assert.Throws<ArgumentException>(() => new DetectionLoss(LossScene.Options).Compute(scene.Maps, targets));
        Assert.Contains("[3, 5] instead of [T, 6]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 2, 34, 8, 8 }, new long[] { 2, 34, 4, 4 }, "Map 0 has the shape [2, 34, 8, 8] instead of [2, 35, h, w]")]
    [InlineData(new long[] { 2, 35, 8, 8 }, new long[] { 1, 35, 4, 4 }, "Map 1 has the shape [1, 35, 4, 4] instead of [2, 35, h, w]")]
    [InlineData(new long[] { 2, 35, 4, 4 }, new long[] { 2, 35, 8, 8 }, "in the strides' order")]
    [InlineData(new long[] { 2, 35, 5, 5 }, new long[] { 2, 35, 3, 3 }, "multiples of 16")]
    [InlineData(new long[] { 2, 35, 8 }, new long[] { 2, 35, 4 }, "[N, 35, h, w]")]
    public void Maps_that_do_not_fit_are_refused_by_name(long[] first, long[] second, string expected)
    {
        using Tensor a = zeros(first), b = zeros(second), targets = zeros(0, 6);
        var error = Assert.Throws<ArgumentException>(() => new DetectionLoss(LossScene.Options).Compute([a, b], targets));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_number_of_maps_or_mixed_types_are_refused()
    {
        using Tensor a = zeros(2, 35, 8, 8), b = zeros([2, 35, 4, 4], ScalarType.Float64), targets = zeros(0, 6);
        var loss = new DetectionLoss(LossScene.Options);
        Assert.Contains("1 maps were given for 2 strides (8, 16)", Assert.Throws<ArgumentException>(() => loss.Compute([a], targets)).Message, StringComparison.Ordinal);
        Assert.Contains("one floating-point type", Assert.Throws<ArgumentException>(() => loss.Compute([a, b], targets)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DetectionLossOptions { Classes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DetectionLossOptions { Classes = 1, RegMax = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DetectionLossOptions { Classes = 1, TopK = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DetectionLossOptions { Classes = 1, Strides = [] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DetectionLossOptions { Classes = 1, Strides = [8, 0] });
        foreach (double bad in new[] { -1, double.NaN, double.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new DetectionLossOptions { Classes = 1, BoxGain = bad });
            Assert.Throws<ArgumentOutOfRangeException>(() => new DetectionLossOptions { Classes = 1, ClassGain = bad });
            Assert.Throws<ArgumentOutOfRangeException>(() => new DetectionLossOptions { Classes = 1, DistributionGain = bad });
            Assert.Throws<ArgumentOutOfRangeException>(() => new DetectionLossOptions { Classes = 1, Alpha = bad });
            Assert.Throws<ArgumentOutOfRangeException>(() => new DetectionLossOptions { Classes = 1, Beta = bad });
        }
    }
}
