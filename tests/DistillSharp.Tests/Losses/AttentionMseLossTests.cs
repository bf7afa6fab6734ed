using DistillSharp.Losses.Text;
using TorchSharp;
using static DistillSharp.Tests.Losses.LossProbe;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class AttentionMseLossTests
{
    [Fact]
    public void Masked_scores_are_nothing_on_both_sides()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (Of([1, 1, 2, 2], 1, -200, -3, 0), Of([1, 1, 2, 2], 3, -1e4, -1, -100));

        // (1 - 3)², 0, (-3 + 1)² and 0: a score at the threshold is masked.
        Assert.Equal(2, Value(new AttentionMseLoss(new()), student, teacher), 1e-14);

        // Only probabilities are above TextBrewer's threshold: of the same scores (1 - 3)² stays.
        Assert.Equal(1, Value(new AttentionMseLoss(new() { MaskDepth = 1e-3 }), student, teacher), 1e-14);
    }

    [Fact]
    public void Pairs_of_tokens_that_both_count_are_averaged_over_heads()
    {
        using var scope = NewDisposeScope();
        var student = Of([1, 2, 2, 2], 1, 9, 9, 9, 2, 9, 9, 9);

        Assert.Equal(2.5, Value(new AttentionMseLoss(new()), student, zeros_like(student), Mask([1, 2], 1, 0)), 1e-14);
        Assert.Equal((5 + (6 * 81)) / 8.0, Value(new AttentionMseLoss(new()), student, zeros_like(student), Mask([1, 2], 1, 1)), 1e-12);
        Assert.Equal(0, Value(new AttentionMseLoss(new()), student, zeros_like(student), Mask([1, 2], 0, 0)));
    }

    [Theory]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.MinValue)]
    public void What_models_add_to_masked_scores_stays_finite(float masked)
    {
        using var scope = NewDisposeScope();
        var student = torch.tensor(new[] { 50f, masked, -50f, masked }, [1, 1, 2, 2], requires_grad: true);
        Finite(new AttentionMseLoss(new()), Pair(student, torch.tensor(new[] { -50f, masked, 50f, -1e4f }, [1, 1, 2, 2]), ones(1, 2)), student);
    }

    [Fact]
    public void Other_heads_and_thresholds_that_are_no_number_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => Value(new AttentionMseLoss(new()), zeros(1, 2, 3, 3), zeros(1, 3, 3, 3)));
        Assert.Throws<ArgumentException>(() => Value(new AttentionMseLoss(new()), zeros(1, 2, 3, 3), zeros(1, 2, 3, 3), ones(1, 4)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AttentionMseLossOptions { MaskDepth = double.PositiveInfinity });
    }
}
