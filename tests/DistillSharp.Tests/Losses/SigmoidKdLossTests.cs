using DistillSharp.Losses.Response;
using TorchSharp;
using static DistillSharp.Tests.Losses.LogitLossCheck;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class SigmoidKdLossTests
{
    [Theory]
    [InlineData(SigmoidReduction.Sum, 6)]
    [InlineData(SigmoidReduction.Samples, 3)]
    [InlineData(SigmoidReduction.Elements, 1)]
    public void Classes_worked_by_hand(SigmoidReduction reduction, double factor)
    {
        // Two samples of three classes: the teacher says 3/4 everywhere, the student 1/2.
        using var student = zeros(2, 3, ScalarType.Float64);
        using var teacher = student + Math.Log(3);

        double each = (0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5));
        Assert.Equal(factor * each, Value(new SigmoidKdLoss(new() { Reduction = reduction }), student, teacher), 1e-14);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Saturated_logits_count_as_the_clamp_and_get_no_gradient(ScalarType type)
    {
        using var student = tensor(new[] { -50.0, 0 }, [1, 2]).to(type).requires_grad_();
        using var teacher = tensor(new[] { 50.0, 50 }, [1, 2]).to(type);
        using var loss = new SigmoidKdLoss(new()).Compute(student, teacher);
        loss.backward();

        // q = 1 - ε: against p = ε it costs (1 - 2ε) log((1 - ε) / ε), against 1/2 log 2 less a little.
        const double Epsilon = 1e-8;
        double expected = ((1 - (2 * Epsilon)) * Math.Log((1 - Epsilon) / Epsilon)) + Math.Log(2) + ((1 - Epsilon) * Math.Log(1 - Epsilon)) + (Epsilon * Math.Log(Epsilon));
        Assert.Equal(expected, loss.ToDouble(), type == ScalarType.Float32 ? 1e-5 : 1e-9);
        double[] gradient = Numbers(student.grad!);
        Assert.Equal(0, gradient[0]);
        Assert.Equal(-0.5, gradient[1], 1e-6);
    }

    [Fact]
    public void Large_logits_hold_in_float32() => HoldsInFloat32(() => new SigmoidKdLoss(new() { Epsilon = 1e-30 }));

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void A_bound_that_makes_no_sense_is_refused(double epsilon) => Assert.Equal(epsilon, Assert.Throws<ArgumentOutOfRangeException>(() => new SigmoidKdLossOptions { Epsilon = epsilon }).ActualValue);
}
