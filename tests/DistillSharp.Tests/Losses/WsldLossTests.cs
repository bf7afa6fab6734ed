using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using static DistillSharp.Tests.Losses.LogitLossCheck;

namespace DistillSharp.Tests.Losses;

public sealed class WsldLossTests
{
    private static readonly double s_weight = 1 - Math.Exp(-Math.Log(2) / (-Math.Log(0.75) + 1e-7));

    [Fact]
    public void Two_classes_worked_by_hand() =>
        Assert.Equal(s_weight * Math.Log(2), Value(new WsldLoss(new() { Temperature = 1 }), Logits(2, 0.5, 0.5), Logits(2, 0.75, 0.25), 0), 1e-14);

    [Fact]
    public void The_weight_is_without_gradient()
    {
        using var student = Logits(2, 0.5, 0.5).requires_grad_();
        using var teacher = Logits(2, 0.75, 0.25);
        using var loss = new WsldLoss(new() { Temperature = 2 }).Compute(new LossInputs { StudentLogits = student, TeacherLogits = teacher, Labels = Labels(0) });
        loss.backward();

        // T² / T times the weight times the difference of the probabilities at T.
        double sure = Math.Sqrt(3) / (Math.Sqrt(3) + 1);
        double[] gradient = Numbers(student.grad!);
        Assert.Equal(2 * s_weight * (0.5 - sure), gradient[0], 1e-14);
        Assert.Equal(-gradient[0], gradient[1], 1e-14);
    }

    [Fact]
    public void Rows_without_a_label_are_left_out()
    {
        using var student = Random(1, 2, 5);
        using var teacher = Random(2, 2, 5);

        Assert.Equal(Value(new WsldLoss(new()), student.narrow(0, 1, 1), teacher.narrow(0, 1, 1), 4), Value(new WsldLoss(new()), student, teacher, -1, 4), 1e-14);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Large_logits_hold_in_float32(double temperature) => HoldsInFloat32(() => new WsldLoss(new() { Temperature = temperature }));
}
