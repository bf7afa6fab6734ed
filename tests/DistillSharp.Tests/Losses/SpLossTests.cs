using DistillSharp.Losses;
using DistillSharp.Losses.Relation;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeaturePairs;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class SpLossTests
{
    [Theory]
    [InlineData(SpNorm.L2, 0.7071067811865476)]
    [InlineData(SpNorm.L1, 0.5)]
    public void Two_samples_worked_by_hand(SpNorm norm, double share)
    {
        // The student's samples are at right angles, the teacher's equal: each row (1, 1) over its norm.
        using var student = Values([2, 0, 0, 3], 2, 2, 1, 1);
        using var teacher = Values([1, 0, 1, 0], 2, 1, 1, 2);

        Assert.Equal(((2 * Math.Pow(1 - share, 2)) + (2 * share * share)) / 4, Loss(new SpLoss(new() { Norm = norm }), student, teacher), 1e-14);
    }

    [Fact]
    public void Pairs_are_added_and_neither_widths_nor_sizes_matter()
    {
        using var student = Drawn(1, ScalarType.Float64, 3, 4, 5, 5);
        using var teacher = Drawn(2, ScalarType.Float64, 3, 7, 2, 2);
        using var both = new SpLoss(new()).Compute(new LossInputs { StudentFeatures = [student, student], TeacherFeatures = [teacher, teacher] });

        Assert.Equal(2 * Loss(new SpLoss(new()), student, teacher), both.ToDouble(), 1e-14);
    }

    [Theory]
    [InlineData(SpNorm.L2)]
    [InlineData(SpNorm.L1)]
    public void Empty_large_and_single_samples_stay_finite(SpNorm norm)
    {
        var loss = new SpLoss(new() { Norm = norm });
        using var empty = zeros([2, 3, 2, 2], ScalarType.Float32);
        using var usual = Drawn(1, ScalarType.Float32, 2, 3, 2, 2);
        using var large = usual * 1e6;
        using var single = usual.narrow(0, 0, 1);

        Finite(loss, empty, usual);
        Finite(loss, large, usual);
        Assert.Equal(0, Finite(loss, single, single).Loss);
    }
}
