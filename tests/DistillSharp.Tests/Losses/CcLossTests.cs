using DistillSharp.Losses.Relation;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeaturePairs;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class CcLossTests
{
    [Fact]
    public void Products_worked_by_hand()
    {
        using var student = Values([1, 0, 0, 1], 2, 2);
        using var teacher = Values([1, 0, 1, 0], 2, 2);

        Assert.Equal(Math.Sqrt(2) / 4, Loss(new CcLoss(new() { Kernel = CcKernel.Bilinear, Normalize = false }), student, teacher), 1e-14);
    }

    [Fact]
    public void The_series_is_a_gaussian_of_unit_rows()
    {
        // Rows at right angles are the square root of 2 apart: exp(-gamma 2); equal ones 1.
        using var student = Values([5, 0, 0, 3], 2, 2);
        using var teacher = Values([1, 0, 7, 0], 2, 2);

        Assert.Equal(Math.Sqrt(2) * (1 - Math.Exp(-0.8)) / 4, Loss(new CcLoss(new() { Terms = 20 }), student, teacher), 1e-12);
        Assert.Equal(Math.Sqrt(2) * Math.Exp(-0.8) * (0.8 + 0.32) / 4, Loss(new CcLoss(new()), student, teacher), 1e-12);
    }

    [Fact]
    public void Consecutive_samples_worked_by_hand()
    {
        using var student = Values([1, 2, 4], 3, 1);
        using var teacher = zeros_like(student);
        using var loss = new CcLoss(new() { Convention = CcConvention.Consecutive, Width = 1 });
        Loss(loss, student, teacher);
        SetWeights(loss, 1, 0);

        Assert.Equal(((1 * 2) + (2 * 4)) / 2.0, Loss(loss, student, teacher), 1e-14);
    }

    [Theory]
    [InlineData(CcConvention.Kernel)]
    [InlineData(CcConvention.Consecutive)]
    public void Agreement_and_a_single_sample_stay_finite(CcConvention convention)
    {
        using var features = Drawn(1, ScalarType.Float32, 4, 6);
        using var first = features.narrow(0, 0, 1);
        using var loss = new CcLoss(new() { Convention = convention });

        Finite(loss, features, features);
        Assert.Equal(0, Finite(loss, first, first).Loss);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.Equal(0.0, Assert.Throws<ArgumentOutOfRangeException>(() => new CcLossOptions { Gamma = 0 }).ActualValue);
        Assert.Equal(21, Assert.Throws<ArgumentOutOfRangeException>(() => new CcLossOptions { Terms = 21 }).ActualValue);
        Assert.Equal(0, Assert.Throws<ArgumentOutOfRangeException>(() => new CcLossOptions { Width = 0 }).ActualValue);
    }
}
