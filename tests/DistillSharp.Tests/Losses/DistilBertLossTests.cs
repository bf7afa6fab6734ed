using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using DistillSharp.Losses.Text;
using TorchSharp;
using static DistillSharp.Tests.Losses.LossProbe;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class DistilBertLossTests
{
    private static readonly DistilBertLossOptions s_nothing = new() { SoftWeight = 0, MaskedWeight = 0, CosineWeight = 0 };

    [Fact]
    public void Soft_labels_and_logits_are_of_the_tokens_that_count_or_that_have_a_label()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (Draw(1, 1, 3, 5), Draw(2, 1, 3, 5));
        var inputs = new LossInputs { StudentLogits = student, TeacherLogits = teacher, Mask = Mask([1, 3], 1, 1, 0), Labels = Mask([1, 3], -100, 4, 0) };
        double Soft(long first) => new KdLoss(new() { Temperature = 2 }).Compute(student[0].narrow(0, first, 2), teacher[0].narrow(0, first, 2)).ToDouble();

        Assert.Equal(3 * Soft(0), Value(new DistilBertLoss(s_nothing with { SoftWeight = 3 }), inputs), 1e-12);
        Assert.Equal(3 * Soft(1), Value(new DistilBertLoss(s_nothing with { SoftWeight = 3, OnlyLabelled = true }), inputs), 1e-12);
        Assert.Equal((student - teacher).narrow(1, 0, 2).square().sum().ToDouble() / 2, Value(new DistilBertLoss(s_nothing with { LogitWeight = 1 }), inputs), 1e-12);
    }

    [Fact]
    public void Words_are_labels_in_place_or_of_the_next_token()
    {
        using var scope = NewDisposeScope();

        // The tokens are sure of the words 0, 1 and 2: none is right in place, and one of two for the next token.
        var logits = (eye(3, dtype: ScalarType.Float64) * 40).unsqueeze(0);
        var inputs = new LossInputs { StudentLogits = logits, TeacherLogits = logits, Labels = Mask([1, 3], 1, 0, 0) };

        Assert.Equal(40, Value(new DistilBertLoss(s_nothing with { MaskedWeight = 1 }), inputs), 1e-12);
        Assert.Equal(20, Value(new DistilBertLoss(s_nothing with { CausalWeight = 1 }), inputs), 1e-12);
        Assert.Equal(0, Value(new DistilBertLoss(s_nothing with { MaskedWeight = 1 }), inputs with { Labels = Mask([1, 3], -100, -1, -5) }));
    }

    [Fact]
    public void Directions_of_hidden_states_follow_the_mask_even_where_soft_labels_do_not()
    {
        using var scope = NewDisposeScope();
        var logits = zeros([1, 2, 3], ScalarType.Float64);
        var inputs = Pair(Of([1, 2, 2], 1, 0, 1, 1), Of([1, 2, 2], 0, 1, 1, 1), Mask([1, 2], 1, 0)) with { StudentLogits = logits, TeacherLogits = logits, Labels = Mask([1, 2], -100, 1) };

        Assert.Equal(2, Value(new DistilBertLoss(s_nothing with { CosineWeight = 2, OnlyLabelled = true }), inputs), 1e-11);
    }

    [Fact]
    public void It_asks_for_what_its_parts_read()
    {
        Assert.Equal(LossInput.Logits | LossInput.Labels | LossInput.Features, new DistilBertLoss(new()).Needs.Inputs);
        Assert.Equal(LossInput.Logits, new DistilBertLoss(s_nothing with { SoftWeight = 1 }).Needs.Inputs);
        Assert.Equal(LossInput.Logits | LossInput.Labels, new DistilBertLoss(s_nothing with { OnlyLabelled = true }).Needs.Inputs);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void Large_logits_and_texts_without_tokens_stay_finite(double temperature)
    {
        using var scope = NewDisposeScope();
        var logits = torch.tensor(new[] { 50f, -50, -50, -50, 50, -50 }, [1, 2, 3], requires_grad: true);
        var hidden = zeros(1, 2, 4, requires_grad: true);
        foreach (var mask in new[] { ones(1, 2), zeros(1, 2) })
        {
            var inputs = Pair(hidden, ones(1, 2, 4), mask) with { StudentLogits = logits, TeacherLogits = logits.neg(), Labels = Mask([1, 2], 1, -100) };
            Finite(new DistilBertLoss(new() { Temperature = temperature, CausalWeight = 1, LogitWeight = 1 }), inputs, logits, hidden);
        }
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        using var scope = NewDisposeScope();
        var inputs = new LossInputs { StudentLogits = zeros(2, 3), TeacherLogits = zeros(2, 3) };
        Assert.Contains("[2, 3]", Assert.Throws<ArgumentException>(() => Value(new DistilBertLoss(s_nothing with { SoftWeight = 1 }), inputs)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DistilBertLossOptions { Temperature = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DistilBertLossOptions { CosineWeight = -1 });
    }
}
