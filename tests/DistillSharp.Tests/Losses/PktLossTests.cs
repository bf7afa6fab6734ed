using DistillSharp.Losses.Relation;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeaturePairs;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class PktLossTests
{
    [Fact]
    public void Two_samples_worked_by_hand()
    {
        // The student sees both as equal (1/2, 1/2); the teacher's are at right angles: (2/3, 1/3).
        using var student = Values([3, 3, 1, 1], 2, 2);
        using var teacher = Values([1, 0, 0, 2], 2, 2);

        double expected = 2 * (((2.0 / 3) * Math.Log(4.0 / 3)) + ((1.0 / 3) * Math.Log(2.0 / 3))) / 4;
        Assert.Equal(expected, Loss(new PktLoss(new()), student, teacher), 1e-7);
    }

    [Fact]
    public void Opposite_and_empty_samples_stay_finite()
    {
        using var opposite = Values([1e4, 3e3, -1e4, -3e3], 2, 2).to(ScalarType.Float32);
        using var empty = zeros([2, 2], ScalarType.Float32);
        using var usual = Values([1, 2, 3, -1], 2, 2).to(ScalarType.Float32);

        Finite(new PktLoss(new()), opposite, usual);
        Finite(new PktLoss(new()), usual, opposite);
        Finite(new PktLoss(new()), empty, usual);
        Assert.Equal(0, Finite(new PktLoss(new()), usual.narrow(0, 0, 1), usual.narrow(0, 1, 1)).Loss, 1e-6);
    }

    [Fact]
    public void An_epsilon_that_makes_no_sense_is_refused() =>
        Assert.Equal(0.0, Assert.Throws<ArgumentOutOfRangeException>(() => new PktLossOptions { Epsilon = 0 }).ActualValue);
}
