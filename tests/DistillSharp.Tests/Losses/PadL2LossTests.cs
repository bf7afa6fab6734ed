using DistillSharp.Losses.Feature;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeaturePairs;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class PadL2LossTests
{
    [Theory]
    [InlineData(0, 5.0 / 2)]
    [InlineData(1, (5.0 / 2 / Math.E) + 1)]
    public void A_variance_of_the_same_everywhere_worked_by_hand(double logVariance, double expected)
    {
        using var student = Values([1, 2], 1, 2);
        using var teacher = zeros_like(student);
        using var loss = new PadL2Loss(new() { Epsilon = 1e-12 });
        Loss(loss, student, teacher);
        SetWeights(loss, 0, logVariance);

        // The normalised branch is 0 times its scale, so that its bias is left.
        Assert.Equal(expected, Loss(loss, student, teacher), 1e-9);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(-200)]
    public void A_variance_beyond_float32_stays_finite(double logVariance)
    {
        using var student = Drawn(1, ScalarType.Float32, 3, 4);
        using var teacher = Drawn(2, ScalarType.Float32, 3, 4);
        using var loss = new PadL2Loss(new());
        Loss(loss, student, teacher);
        SetWeights(loss, 0, logVariance);

        var (value, _) = Finite(loss, student, teacher);
        Assert.Equal(logVariance > 0, value is > 199 and < 201);
        Assert.All(Numbers(loss.Adapters[0].Executor.Gradients), number => Assert.True(double.IsFinite(number)));
    }

    [Fact]
    public void A_batch_of_one_is_finite()
    {
        using var student = Drawn(1, ScalarType.Float32, 1, 4);
        using var teacher = Drawn(2, ScalarType.Float32, 1, 4);
        using var loss = new PadL2Loss(new());
        Finite(loss, student, teacher);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        using var map = ones(2, 3, 4, 4);
        Assert.Contains("[2, 3, 4, 4]", Assert.Throws<ArgumentException>(() => Loss(new PadL2Loss(new()), map, map)).Message, StringComparison.Ordinal);
        Assert.Equal(0.0, Assert.Throws<ArgumentOutOfRangeException>(() => new PadL2LossOptions { Epsilon = 0 }).ActualValue);
    }
}
