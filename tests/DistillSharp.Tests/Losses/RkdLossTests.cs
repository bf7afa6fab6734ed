using DistillSharp.Losses.Relation;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeaturePairs;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class RkdLossTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public void Distances_on_a_line_worked_by_hand(double angleWeight)
    {
        // Over their means the distances are 1/2, 1, 3/2 and 3/4, 3/4, 3/2; in one order on a line all angles agree.
        using var student = Values([0, 1, 3], 3, 1);
        using var teacher = Values([0, 1, 2], 3, 1);

        Assert.Equal(2 * 2 * (0.5 * 0.0625) / 9, Loss(new RkdLoss(new() { DistanceWeight = 1, AngleWeight = angleWeight }), student, teacher), 1e-12);
    }

    [Fact]
    public void Angles_of_a_triangle_worked_by_hand()
    {
        // Cosines 0, sqrt(1/2) twice; of an equilateral triangle 1/2 each. Every corner counts twice among 27.
        using var student = Values([0, 0, 1, 0, 0, 1], 3, 2);
        using var teacher = Values([0, 0, 1, 0, 0.5, Math.Sqrt(0.75)], 3, 2);
        double other = Math.Sqrt(0.5) - 0.5;

        Assert.Equal(2 * 0.5 * (0.25 + (2 * other * other)) / 27, Loss(new RkdLoss(new() { DistanceWeight = 0, AngleWeight = 1 }), student, teacher), 1e-14);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Distances_are_the_same_beside_angles_and_alone(bool normalize)
    {
        using var student = Drawn(1, ScalarType.Float64, 6, 5);
        using var teacher = Drawn(2, ScalarType.Float64, 6, 8);
        double Of(double distance, double angle) => Loss(new RkdLoss(new() { DistanceWeight = distance, AngleWeight = angle, Normalize = normalize }), student, teacher);

        Assert.Equal(Of(3, 0) + Of(0, 7), Of(3, 7), 1e-12);
        Assert.Equal(0, Of(0, 0));
    }

    [Theory]
    [InlineData(25, 50)]
    [InlineData(25, 0)]
    public void Few_or_equal_samples_stay_finite(double distance, double angle)
    {
        var loss = new RkdLoss(new() { DistanceWeight = distance, AngleWeight = angle });
        using var teacher = Drawn(1, ScalarType.Float32, 4, 6);
        using var same = ones([4, 6], ScalarType.Float32);
        using var single = Drawn(2, ScalarType.Float32, 1, 6);
        using var two = Drawn(3, ScalarType.Float32, 2, 6);
        using var other = Drawn(4, ScalarType.Float32, 2, 6);

        var (alone, gradient) = Finite(loss, single, single);
        Assert.Equal(0, alone);
        Assert.All(gradient, number => Assert.Equal(0, number));
        Assert.Equal(0, Finite(loss, two, other).Loss, 1e-9);
        Finite(loss, same, teacher);
        Finite(loss, teacher, same);
    }

    [Fact]
    public void Weights_that_make_no_sense_are_refused()
    {
        Assert.Equal(-1.0, Assert.Throws<ArgumentOutOfRangeException>(() => new RkdLossOptions { DistanceWeight = -1 }).ActualValue);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RkdLossOptions { AngleWeight = double.NaN });
    }
}
