using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using TorchSharp;
using static DistillSharp.Tests.Losses.LogitLossCheck;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class LabelSmoothingLossTests
{
    [Theory]
    [InlineData(SmoothedOver.All, 0.95)]
    [InlineData(SmoothedOver.Others, 0.9)]
    public void Two_classes_worked_by_hand(SmoothedOver over, double onLabel)
    {
        double expected = -(onLabel * Math.Log(0.75)) - ((1 - onLabel) * Math.Log(0.25));
        Assert.Equal(expected, Alone(new() { Over = over }, Logits(2, 0.75, 0.25), 0), 1e-14);
    }

    [Fact]
    public void Shared_by_all_it_is_PyTorchs()
    {
        using var student = Random(1, 4, 7);
        using var labels = Labels(0, 6, 3, 3);
        using var expected = nn.functional.cross_entropy(student, labels, label_smoothing: 0.3);

        Assert.Equal(expected.ToDouble(), Alone(new() { Smoothing = 0.3 }, student, 0, 6, 3, 3), 1e-13);
    }

    [Fact]
    public void Rows_without_a_label_are_left_out()
    {
        using var student = Random(1, 2, 7);

        Assert.Equal(Alone(new(), student.narrow(0, 1, 1), 6), Alone(new(), student, -1, 6), 1e-14);
    }

    [Fact]
    public void Large_logits_hold_in_float32() => HoldsInFloat32(() => new LabelSmoothingLoss(new()));

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_share_that_makes_no_sense_is_refused(double smoothing) =>
        Assert.Equal(smoothing, Assert.Throws<ArgumentOutOfRangeException>(() => new LabelSmoothingLossOptions { Smoothing = smoothing }).ActualValue);

    private static double Alone(LabelSmoothingLossOptions options, Tensor student, params long[] labels) =>
        Value(new LabelSmoothingLoss(options), new LossInputs { StudentLogits = student, Labels = Labels(labels) });
}
