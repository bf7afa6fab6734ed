using DistillSharp.Losses.Response;
using static DistillSharp.Tests.Losses.LogitLossCheck;

namespace DistillSharp.Tests.Losses;

public sealed class NkdLossTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Three_classes_worked_by_hand(double temperature)
    {
        using var student = Logits(3, 0.25, 0.25, 0.5);
        using var teacher = Logits(3, 0.5, 0.25, 0.25);

        // The temperature does not touch the label's part; the others' are (1/2, 1/2) and 1 to 2^(1/T).
        double first = 1 / (1 + Math.Pow(2, 1 / temperature));
        double expected = (-0.5 * Math.Log(0.25)) - (1.5 * temperature * temperature * 0.5 * (Math.Log(first) + Math.Log(1 - first)));
        Assert.Equal(expected, Value(new NkdLoss(new() { Temperature = temperature }), student, teacher, 0), 1e-14);
    }

    [Fact]
    public void Rows_without_a_label_are_left_out()
    {
        using var student = Random(1, 2, 5);
        using var teacher = Random(2, 2, 5);

        Assert.Equal(Value(new NkdLoss(new()), student.narrow(0, 1, 1), teacher.narrow(0, 1, 1), 4), Value(new NkdLoss(new()), student, teacher, -100, 4), 1e-13);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Large_logits_hold_in_float32(double temperature) => HoldsInFloat32(() => new NkdLoss(new() { Temperature = temperature }));

    [Fact]
    public void A_weight_below_0_is_refused() => Assert.Equal(-1.0, Assert.Throws<ArgumentOutOfRangeException>(() => new NkdLossOptions { Others = -1 }).ActualValue);
}
