using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using static DistillSharp.Tests.Losses.LogitLossCheck;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class ReverseKlLossTests
{
    [Fact]
    public void Two_classes_worked_by_hand() =>
        Assert.Equal(0.5 * (Math.Log(0.5 / 0.75) + Math.Log(0.5 / 0.25)), Value(new ReverseKlLoss(new()), Logits(2, 0.5, 0.5), Logits(2, 0.75, 0.25)), 1e-14);

    [Fact]
    public void Tokens_that_do_not_count_are_left_out()
    {
        var inputs = new LossInputs { StudentLogits = Random(1, 1, 3, 5), TeacherLogits = Random(2, 1, 3, 5), Mask = tensor(new long[] { 0, 1, 0 }, [1, 3]) };

        Assert.Equal(Value(new ReverseKlLoss(new()), inputs.StudentLogits[0].narrow(0, 1, 1), inputs.TeacherLogits[0].narrow(0, 1, 1)), Value(new ReverseKlLoss(new()), inputs), 1e-14);
    }

    [Fact]
    public void Large_logits_hold_in_float32() => HoldsInFloat32(() => new ReverseKlLoss(new()));
}
