using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using static DistillSharp.Tests.Losses.LogitLossCheck;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class SkewedKlLossTests
{
    [Fact]
    public void Both_directions_worked_by_hand()
    {
        using var student = Logits(2, 0.5, 0.5);
        using var teacher = Logits(2, 0.75, 0.25);

        Assert.Equal((0.75 * Math.Log(0.75 / 0.55)) + (0.25 * Math.Log(0.25 / 0.45)), Value(new SkewedKlLoss(new() { Skew = 0.2 }), student, teacher), 1e-14);
        Assert.Equal(
            0.5 * (Math.Log(0.5 / 0.7) + Math.Log(0.5 / 0.3)),
            Value(new SkewedKlLoss(new() { Skew = 0.2, Direction = SkewedDirection.Reverse }), student, teacher),
            1e-14);
    }

    [Fact]
    public void Without_skew_it_is_KL()
    {
        using var student = Random(1, 3, 5);
        using var teacher = Random(2, 3, 5);

        Assert.Equal(Value(new KdLoss(new() { Temperature = 1 }), student, teacher), Value(new SkewedKlLoss(new() { Skew = 0 }), student, teacher), 1e-14);
        Assert.Equal(Value(new ReverseKlLoss(new()), student, teacher), Value(new SkewedKlLoss(new() { Skew = 0, Direction = SkewedDirection.Reverse }), student, teacher), 1e-14);
    }

    [Fact]
    public void The_entropy_may_be_left_in()
    {
        using var student = Logits(2, 0.5, 0.5);
        using var teacher = Logits(2, 0.75, 0.25);
        double entropy = -(0.75 * Math.Log(0.75)) - (0.25 * Math.Log(0.25));

        Assert.Equal(entropy, Value(new SkewedKlLoss(new() { Entropy = false }), student, teacher) - Value(new SkewedKlLoss(new()), student, teacher), 1e-14);
        Assert.Equal(LossAgreement.Stationary, new SkewedKlLoss(new() { Entropy = false }).Agreement);
    }

    [Fact]
    public void Tokens_that_do_not_count_are_left_out()
    {
        var inputs = new LossInputs { StudentLogits = Random(1, 1, 3, 5), TeacherLogits = Random(2, 1, 3, 5), Mask = tensor(new long[] { 0, 1, 0 }, [1, 3]) };

        Assert.Equal(Value(new SkewedKlLoss(new()), inputs.StudentLogits[0].narrow(0, 1, 1), inputs.TeacherLogits[0].narrow(0, 1, 1)), Value(new SkewedKlLoss(new()), inputs), 1e-14);
    }

    [Theory]
    [InlineData(SkewedDirection.Forward, 0.1)]
    [InlineData(SkewedDirection.Reverse, 0.1)]
    [InlineData(SkewedDirection.Reverse, 0)]
    public void Large_logits_hold_in_float32(SkewedDirection direction, double skew) => HoldsInFloat32(() => new SkewedKlLoss(new() { Direction = direction, Skew = skew }));

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    public void A_share_that_makes_no_sense_is_refused(double skew) => Assert.Equal(skew, Assert.Throws<ArgumentOutOfRangeException>(() => new SkewedKlLossOptions { Skew = skew }).ActualValue);
}
