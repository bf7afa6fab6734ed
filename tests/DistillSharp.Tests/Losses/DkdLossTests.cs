using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using static DistillSharp.Tests.Losses.LogitLossCheck;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class DkdLossTests
{
    [Fact]
    public void With_the_weights_that_KL_has_it_is_KL()
    {
        // Equation 7 of the paper: KD = TCKD + (1 - p_label) NCKD.
        using var student = Logits(4, 0.1, 0.2, 0.3, 0.4);
        using var teacher = Logits(4, 0.05, 0.6, 0.25, 0.1);
        double kd = Value(new KdLoss(new() { Temperature = 1 }), student, teacher);

        Assert.Equal(kd, Value(new DkdLoss(new() { Temperature = 1, Target = 1, Others = 0.4 }), student, teacher, 1), 1e-14);
    }

    [Fact]
    public void Each_part_worked_by_hand()
    {
        // The label: (1/2, 1/2) against (1/4, 3/4). The others: (1/2, 1/2) against (1/3, 2/3). Both at T = 2, so times 4.
        using var student = Logits(3, 0.25, 0.25, 0.5) * 2;
        using var teacher = Logits(3, 0.5, 0.25, 0.25) * 2;

        Assert.Equal(4 * 0.5 * (Math.Log(2) + Math.Log(2.0 / 3)), Value(new DkdLoss(new() { Temperature = 2, Target = 1, Others = 0 }), student, teacher, 0), 1e-14);
        Assert.Equal(4 * 3 * 0.5 * (Math.Log(1.5) + Math.Log(0.75)), Value(new DkdLoss(new() { Temperature = 2, Target = 0, Others = 3 }), student, teacher, 0), 1e-14);
    }

    [Fact]
    public void Rows_without_a_label_are_left_out()
    {
        using var student = Random(1, 3, 5);
        using var teacher = Random(2, 3, 5);
        double some = Value(new DkdLoss(new()), student, teacher, 4, -100, -1);

        Assert.Equal(Value(new DkdLoss(new()), student.narrow(0, 0, 1), teacher.narrow(0, 0, 1), 4), some, 1e-13);
        Assert.Equal(0, Value(new DkdLoss(new()), student, teacher, -1, -1, -1));
    }

    [Fact]
    public void Tokens_are_rows()
    {
        using var student = Random(1, 2, 3, 5);
        using var teacher = Random(2, 2, 3, 5);
        var tokens = new LossInputs { StudentLogits = student, TeacherLogits = teacher, Labels = Labels(0, 1, 2, 3, 4, 0).reshape(2, 3) };

        Assert.Equal(Value(new DkdLoss(new()), student.flatten(0, 1), teacher.flatten(0, 1), 0, 1, 2, 3, 4, 0), Value(new DkdLoss(new()), tokens), 1e-13);
    }

    [Fact]
    public void Standardised_logits_forget_their_scale()
    {
        using var student = Random(1, 3, 5);
        using var teacher = Random(2, 3, 5);
        double loss = Value(new DkdLoss(new() { Standardize = true }), student, teacher, 0, 1, 2);

        Assert.Equal(loss, Value(new DkdLoss(new() { Standardize = true }), (student * 3) + 7, teacher, 0, 1, 2), 1e-5);
        Assert.NotEqual(loss, Value(new DkdLoss(new()), student, teacher, 0, 1, 2), 1e-2);
    }

    [Fact]
    public void One_class_leaves_nothing_to_differ_in()
    {
        using var student = Random(1, 3, 1);
        using var teacher = Random(2, 3, 1);
        Assert.Equal(0, Value(new DkdLoss(new()), student, teacher, 0, 0, 0), 1e-12);
    }

    [Fact]
    public void Models_that_nearly_agree_and_are_sure_are_told_apart_in_float32()
    {
        // 15 ahead, at temperature 1; the other classes differ by a hundredth.
        using var teacher = tensor(new[] { 15.0, 0.5, -0.3, 0 }, [1, 4]);
        using var student = teacher + tensor(new[] { 0.02, 0.01, -0.005, 0 }, [1, 4]);
        DkdLoss Loss() => new(new() { Temperature = 1 });
        double exact = Value(Loss(), student, teacher, 0);

        Assert.InRange(exact, 1e-5, 1e-2);
        Assert.Equal(exact, Value(Loss(), student.to(ScalarType.Float32), teacher.to(ScalarType.Float32), 0), 5e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Large_logits_hold_in_float32(double temperature) => HoldsInFloat32(() => new DkdLoss(new() { Temperature = temperature }));

    [Fact]
    public void Labels_of_another_shape_are_named()
    {
        var error = Assert.Throws<ArgumentException>(() => Value(new DkdLoss(new()), Random(1, 3, 5), Random(2, 3, 5), 0, 1));
        Assert.Contains("the student's logits are [3, 5] and the labels [2]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_below_0_are_refused()
    {
        Assert.Equal(-1.0, Assert.Throws<ArgumentOutOfRangeException>(() => new DkdLossOptions { Target = -1 }).ActualValue);
        Assert.Equal(double.NaN, Assert.Throws<ArgumentOutOfRangeException>(() => new DkdLossOptions { Others = double.NaN }).ActualValue);
    }
}
