using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using TorchSharp;
using static DistillSharp.Tests.Losses.LogitLossCheck;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class JsdLossTests
{
    [Fact]
    public void Two_classes_worked_by_hand()
    {
        // The mixture is 0.2 of the teacher's (3/4, 1/4) and 0.8 of the student's (1/2, 1/2).
        double expected = (0.2 * ((0.75 * Math.Log(0.75 / 0.55)) + (0.25 * Math.Log(0.25 / 0.45)))) + (0.8 * 0.5 * (Math.Log(0.5 / 0.55) + Math.Log(0.5 / 0.45)));
        Assert.Equal(expected, Value(new JsdLoss(new() { Beta = 0.2, Temperature = 2 }), Logits(2, 0.5, 0.5) * 2, Logits(2, 0.75, 0.25) * 2), 1e-14);
    }

    [Fact]
    public void At_its_ends_it_is_KL_and_reverse_KL()
    {
        using var student = Random(1, 3, 5);
        using var teacher = Random(2, 3, 5);

        Assert.Equal(Value(new KdLoss(new() { Temperature = 3, Scale = false }), student, teacher), Value(new JsdLoss(new() { Beta = 0, Temperature = 3 }), student, teacher), 1e-14);
        Assert.Equal(Value(new ReverseKlLoss(new()), student, teacher), Value(new JsdLoss(new() { Beta = 1 }), student, teacher), 1e-14);
    }

    [Fact]
    public void Models_that_share_nothing_pay_the_logarithm_of_2()
    {
        using var student = tensor(new[] { 500.0, -500 }, [1, 2]);

        Assert.Equal(Math.Log(2), Value(new JsdLoss(new()), student, student.neg()), 1e-14);
    }

    [Fact]
    public void Tokens_that_do_not_count_are_left_out_and_samples_may_be_averaged()
    {
        var inputs = new LossInputs { StudentLogits = Random(1, 2, 3, 5), TeacherLogits = Random(2, 2, 3, 5) };
        double rows = Value(new JsdLoss(new()), inputs);
        double two = Value(new JsdLoss(new()), inputs.StudentLogits[0].narrow(0, 0, 2), inputs.TeacherLogits[0].narrow(0, 0, 2));

        Assert.Equal(3 * rows, Value(new JsdLoss(new() { Average = JsdAverage.Samples }), inputs), 1e-13);
        Assert.Equal(two, Value(new JsdLoss(new()), inputs with { Mask = tensor(new[] { true, true, false, false, false, false }).reshape(2, 3) }), 1e-14);
        Assert.Equal(0, Value(new JsdLoss(new()), inputs with { Mask = zeros(2, 3) }));
    }

    [Fact]
    public void Models_that_nearly_agree_are_told_apart_in_float32()
    {
        // β (1 - β) / 2 times the variance of the difference of the logits: all other orders are smaller by 1000.
        using var student = tensor(new[] { 0.003f, 0 }, [1, 2]);

        Assert.Equal(0.125 * 0.25 * 9e-6, Value(new JsdLoss(new()), student, zeros(1, 2)), 1e-9);
    }

    [Fact]
    public void A_class_that_is_ruled_out_counts_as_one_of_probability_0()
    {
        using var student = tensor(new[] { 0.3, -0.2, double.NegativeInfinity }, [1, 3]).requires_grad_();
        using var teacher = tensor(new[] { 0.1, 0.4, double.NegativeInfinity }, [1, 3]);
        using var other = tensor(new[] { 0.1, 0.4, 0.2 }, [1, 3]);
        using var nearly = tensor(new[] { 0.3, -0.2, -300 }, [1, 3]).requires_grad_();

        foreach (var against in new[] { teacher, other })
        {
            using var loss = new JsdLoss(new());
            using var value = loss.Compute(student, against);
            value.backward();
            using var same = loss.Compute(nearly, against.clamp_min(-300.0));
            same.backward();
            Assert.Equal(same.ToDouble(), value.ToDouble(), 1e-12);
            Assert.All(Numbers(nearly.grad!).Zip(Numbers(student.grad!)), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 1)]
    [InlineData(1, 1)]
    [InlineData(0.9, 20)]
    public void Large_logits_hold_in_float32(double beta, double temperature) => HoldsInFloat32(() => new JsdLoss(new() { Beta = beta, Temperature = temperature }));

    [Fact]
    public void A_share_above_1_is_refused() => Assert.Equal(1.5, Assert.Throws<ArgumentOutOfRangeException>(() => new JsdLossOptions { Beta = 1.5 }).ActualValue);
}
