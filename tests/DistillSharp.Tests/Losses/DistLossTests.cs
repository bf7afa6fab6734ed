using DistillSharp.Losses.Response;
using static DistillSharp.Tests.Losses.LogitLossCheck;

namespace DistillSharp.Tests.Losses;

public sealed class DistLossTests
{
    [Theory]
    [InlineData(0.9, 0.1, 0)]
    [InlineData(0.1, 0.9, 2)]
    public void One_sample_of_two_classes_correlates_wholly_or_not_at_all(double first, double second, double distance)
    {
        // A class has no variance over a batch of 1: its part is 1.
        var loss = new DistLoss(new() { Inter = 3, Intra = 5 });

        Assert.Equal((3 * distance) + 5, Value(loss, Logits(2, 0.7, 0.3), Logits(2, first, second)), 1e-6);
    }

    [Fact]
    public void Probabilities_on_a_line_with_the_teachers_cost_nothing()
    {
        // p_s = 1/8 + p_t / 2: fainter, but of the same pattern in each row and each column.
        using var teacher = Logits(4, 0.1, 0.2, 0.3, 0.4, 0.4, 0.1, 0.2, 0.3, 0.3, 0.4, 0.2, 0.1);
        using var student = ((teacher.exp() * 0.5) + 0.125).log();

        Assert.Equal(0, Value(new DistLoss(new()), student, teacher), 1e-5);
        Assert.True(Value(new KdLoss(new() { Temperature = 1 }), student, teacher) > 0.01);
    }

    [Fact]
    public void The_temperature_softens_and_scales()
    {
        using var student = Random(1, 4, 3);
        using var teacher = Random(2, 4, 3);

        Assert.Equal(9 * Value(new DistLoss(new()), student / 3, teacher / 3), Value(new DistLoss(new() { Temperature = 3 }), student, teacher), 1e-12);
    }

    [Fact]
    public void Dense_logits_are_rows_of_pixels()
    {
        using var student = Random(1, 2, 3, 4, 5);
        using var teacher = Random(2, 2, 3, 4, 5);

        Assert.Equal(
            Value(new DistLoss(new()), student.permute(0, 2, 3, 1).reshape(40, 3), teacher.permute(0, 2, 3, 1).reshape(40, 3)),
            Value(new DistLoss(new()), student, teacher),
            1e-13);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Large_logits_hold_in_float32(double temperature) => HoldsInFloat32(() => new DistLoss(new() { Temperature = temperature }), 1e-3);

    [Fact]
    public void Weights_below_0_are_refused()
    {
        Assert.Equal(-1.0, Assert.Throws<ArgumentOutOfRangeException>(() => new DistLossOptions { Inter = -1 }).ActualValue);
        Assert.Equal(-2.0, Assert.Throws<ArgumentOutOfRangeException>(() => new DistLossOptions { Intra = -2 }).ActualValue);
    }
}
