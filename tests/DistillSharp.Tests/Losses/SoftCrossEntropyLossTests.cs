using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using static DistillSharp.Tests.Losses.LogitLossCheck;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class SoftCrossEntropyLossTests
{
    private static readonly double s_byHand = -((0.5 * Math.Log(0.75)) + (0.5 * Math.Log(0.25)));

    [Theory]
    [InlineData(LogitAverage.Rows, false, 1)]
    [InlineData(LogitAverage.Elements, false, 0.5)]
    [InlineData(LogitAverage.Rows, true, 9)]
    public void Two_classes_worked_by_hand(LogitAverage average, bool scale, double factor)
    {
        var loss = new SoftCrossEntropyLoss(new() { Temperature = 3, Average = average, Scale = scale });

        Assert.Equal(factor * s_byHand, Value(loss, Logits(2, 0.75, 0.25) * 3, Logits(2, 0.5, 0.5)), 1e-14);
    }

    [Fact]
    public void Tokens_that_do_not_count_are_left_out()
    {
        var inputs = new LossInputs
        {
            StudentLogits = Logits(2, 0.75, 0.25, 0.01, 0.99).unsqueeze(0),
            TeacherLogits = Logits(2, 0.5, 0.5, 0.9, 0.1).unsqueeze(0),
            Mask = tensor(new long[] { 1, 0 }).unsqueeze(0),
        };

        Assert.Equal(s_byHand, Value(new SoftCrossEntropyLoss(new() { Temperature = 1 }), inputs), 1e-14);
    }

    [Fact]
    public void A_mask_of_tokens_says_nothing_of_whole_texts()
    {
        var inputs = new LossInputs { StudentLogits = Logits(2, 0.75, 0.25), TeacherLogits = Logits(2, 0.5, 0.5) };

        Assert.Equal(s_byHand, Value(new SoftCrossEntropyLoss(new() { Temperature = 1 }), inputs with { Mask = zeros(1, 7) }), 1e-14);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Large_logits_hold_in_float32(double temperature) => HoldsInFloat32(() => new SoftCrossEntropyLoss(new() { Temperature = temperature }));
}
