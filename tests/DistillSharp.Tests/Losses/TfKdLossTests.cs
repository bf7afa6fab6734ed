using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using TorchSharp;
using static DistillSharp.Tests.Losses.LogitLossCheck;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class TfKdLossTests
{
    [Theory]
    [InlineData(1, 0.75)]
    [InlineData(2, 0.633974596215561)] // √3 / (√3 + 1)
    public void Two_classes_worked_by_hand(double temperature, double sure)
    {
        var loss = new TfKdLoss(new() { Soft = 0.25, Confidence = 0.75, Temperature = temperature, Multiplier = 2 });

        double divergence = (sure * Math.Log(2 * sure)) + ((1 - sure) * Math.Log(2 * (1 - sure)));
        Assert.Equal((0.75 * Math.Log(2)) + (0.5 * divergence), Alone(loss, Logits(2, 0.5, 0.5), 1), 1e-14);
    }

    [Fact]
    public void A_student_that_says_what_the_made_up_teacher_says_pays_nothing_at_any_temperature()
    {
        using var student = Logits(4, 0.01, 0.01, 0.97, 0.01);

        Assert.Equal(0, Alone(new TfKdLoss(new() { Soft = 1, Confidence = 0.97 }), student, 2), 1e-14);
        Assert.Equal(0, Alone(new TfKdLoss(new() { Soft = 1, Confidence = 0.97, Temperature = 3 }), student, 2), 1e-14);
        Assert.True(Alone(new TfKdLoss(new() { Soft = 1, Confidence = 0.97 }), student, 1) > 1e-3);
    }

    [Fact]
    public void The_released_code_takes_probabilities_for_logits()
    {
        // A student whose logits are u / T, at no temperature of its own.
        using var student = tensor(new[] { 0.97, 0.01, 0.01, 0.01 }, [1, 4]) / 20;
        var options = new TfKdLossOptions { Soft = 1, Confidence = 0.97, Convention = TfKdConvention.Released };

        Assert.Equal(0, Alone(new TfKdLoss(options), student, 0), 1e-15);

        double sure = Math.Exp(0.97 / 20) / (Math.Exp(0.97 / 20) + (3 * Math.Exp(0.01 / 20)));
        double expected = (-Math.Log(0.25) + (sure * Math.Log(sure)) + ((1 - sure) * Math.Log((1 - sure) / 3))) / 4;
        Assert.Equal(expected, Alone(new TfKdLoss(options), zeros(1, 4, ScalarType.Float64), 0), 1e-14);
    }

    [Theory]
    [InlineData(1, TfKdConvention.Paper)]
    [InlineData(20, TfKdConvention.Paper)]
    [InlineData(20, TfKdConvention.Released)]
    public void Large_logits_hold_in_float32(double temperature, TfKdConvention convention) => HoldsInFloat32(() => new TfKdLoss(new() { Temperature = temperature, Convention = convention }));

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Equal(-0.1, Assert.Throws<ArgumentOutOfRangeException>(() => new TfKdLossOptions { Soft = -0.1 }).ActualValue);
        Assert.Equal(1.0, Assert.Throws<ArgumentOutOfRangeException>(() => new TfKdLossOptions { Confidence = 1 }).ActualValue);
        Assert.Equal(-1.0, Assert.Throws<ArgumentOutOfRangeException>(() => new TfKdLossOptions { Multiplier = -1 }).ActualValue);
        Assert.Contains("[3, 1]", Assert.Throws<ArgumentException>(() => Alone(new TfKdLoss(new()), Random(1, 3, 1), 0, 0, 0)).Message, StringComparison.Ordinal);
    }

    private static double Alone(TfKdLoss loss, Tensor student, params long[] labels) => Value(loss, new LossInputs { StudentLogits = student, Labels = Labels(labels) });
}
