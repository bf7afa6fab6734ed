using DistillSharp.Losses.Feature;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeaturePairs;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class PkdLossTests
{
    [Fact]
    public void It_is_one_minus_the_correlation()
    {
        // Pearson's correlation of (1, 2, 3) and (1, 3, 2) is 1/2; the unbiased deviation makes it (n - 1) / n of 1 - 1/2.
        using var student = Values([1, 2, 3], 1, 1, 1, 3);
        using var teacher = Values([1, 3, 2], 1, 1, 1, 3);

        Assert.Equal(1.0 / 3, Loss(new PkdLoss(new()), student, teacher), 1e-5);
    }

    [Fact]
    public void Scale_and_place_of_a_channel_do_not_matter()
    {
        using var student = Drawn(1, ScalarType.Float64, 2, 3, 4, 4);
        using var teacher = Drawn(2, ScalarType.Float64, 2, 3, 4, 4);
        using var moved = student * 50.0 + 7.0;

        Assert.Equal(Loss(new PkdLoss(new()), student, teacher), Loss(new PkdLoss(new()), moved, teacher), 1e-5);
    }

    [Fact]
    public void A_map_without_deviation_stays_finite()
    {
        using var flat = ones([2, 3, 2, 2], ScalarType.Float32);
        using var teacher = Drawn(2, ScalarType.Float32, 2, 3, 2, 2);
        using var pixel = ones([1, 3, 1, 1], ScalarType.Float32);

        Finite(new PkdLoss(new()), flat, teacher);
        Assert.Equal(0, Finite(new PkdLoss(new()), pixel, pixel).Loss);
    }

    [Fact]
    public void The_map_that_is_told_is_resized()
    {
        using var student = Drawn(1, ScalarType.Float64, 2, 3, 4, 4);
        using var teacher = Drawn(2, ScalarType.Float64, 2, 3, 8, 6);
        using var larger = nn.functional.interpolate(student, size: [8, 6], mode: InterpolationMode.Bilinear, align_corners: false);
        using var smaller = nn.functional.interpolate(teacher, size: [4, 4], mode: InterpolationMode.Bilinear, align_corners: false);

        Assert.Equal(Loss(new PkdLoss(new()), larger, teacher), Loss(new PkdLoss(new()), student, teacher), 1e-14);
        Assert.Equal(Loss(new PkdLoss(new()), student, smaller), Loss(new PkdLoss(new() { Resize = PkdResize.Teacher }), student, teacher), 1e-14);
    }

    [Fact]
    public void Unequal_channels_are_met_by_a_trained_convolution()
    {
        using var scope = NewDisposeScope();
        using var loss = new PkdLoss(new());
        var (student, teacher) = (Drawn(1, ScalarType.Float32, 2, 3, 4, 4), Drawn(2, ScalarType.Float32, 2, 5, 4, 4));

        loss.Compute(new DistillSharp.Losses.LossInputs { StudentFeatures = [student], TeacherFeatures = [teacher] }).backward();

        Assert.True(Assert.Single(loss.Adapters).Executor.Gradients.norm().ToDouble() > 0);
    }
}
