using DistillSharp.Losses.Feature;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeaturePairs;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class MgdLossTests
{
    [Theory]
    [InlineData(MgdMask.Spatial)]
    [InlineData(MgdMask.Channel)]
    public void What_is_masked_teaches_nothing(MgdMask mask)
    {
        using var student = Drawn(1, ScalarType.Float32, 2, 4, 5, 5);
        using var teacher = Drawn(2, ScalarType.Float32, 2, 6, 5, 5);

        var (_, hidden) = Finite(new MgdLoss(new() { Mask = mask, Lambda = 1 }), student, teacher);
        var (_, seen) = Finite(new MgdLoss(new() { Mask = mask, Lambda = 0 }), student, teacher);
        Assert.All(hidden, number => Assert.Equal(0, number));
        Assert.All(seen, number => Assert.NotEqual(0, number));
    }

    [Fact]
    public void Without_weights_the_teacher_itself_is_what_is_missing()
    {
        using var student = ones([2, 1, 2, 2], ScalarType.Float64);
        using var teacher = Values([1, 2, 3, 4, 0, 0, 0, 2], 2, 1, 2, 2);
        using var loss = new MgdLoss(new() { Alpha = 0.5 });
        Loss(loss, student, teacher);
        SetWeights(loss, 0, 0);

        Assert.Equal(0.5 * (1 + 4 + 9 + 16 + 4) / 2, Loss(loss, student, teacher), 1e-14);
    }

    [Fact]
    public void Masks_are_drawn_from_the_step()
    {
        using var student = Drawn(1, ScalarType.Float64, 2, 4, 5, 5);
        using var teacher = Drawn(2, ScalarType.Float64, 2, 4, 5, 5);
        using var loss = new MgdLoss(new());
        double[] steps = [.. new long[] { 7, 8, 7 }.Select(step => loss.Compute(Inputs(student, teacher) with { Step = step }).ToDouble())];

        Assert.Equal(steps[0], steps[2]);
        Assert.NotEqual(steps[0], steps[1]);
    }

    [Fact]
    public void A_normalised_teacher_may_be_of_any_size()
    {
        using var student = Drawn(1, ScalarType.Float64, 2, 4, 5, 5);
        using var teacher = Drawn(2, ScalarType.Float64, 2, 4, 5, 5);
        using var larger = teacher * 100.0 + 30.0;
        using var loss = new MgdLoss(new() { NormalizeTeacher = true });

        Assert.Equal(1, Loss(loss, student, larger) / Loss(loss, student, teacher), 1e-4);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.Equal(1.5, Assert.Throws<ArgumentOutOfRangeException>(() => new MgdLossOptions { Lambda = 1.5 }).ActualValue);
        Assert.Equal(0.0, Assert.Throws<ArgumentOutOfRangeException>(() => new MgdLossOptions { Alpha = 0 }).ActualValue);
    }
}
