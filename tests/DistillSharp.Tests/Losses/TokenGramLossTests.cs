using DistillSharp.Losses.Text;
using TorchSharp;
using static DistillSharp.Tests.Losses.LossProbe;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class TokenGramLossTests
{
    [Fact]
    public void Products_are_averaged_over_the_tokens_that_count()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (Of([1, 2, 1], 1, 2), Of([1, 2, 1], 0, 0));

        Assert.Equal(6.25, Value(new TokenGramLoss(new()), student, teacher), 1e-14);
        Assert.Equal(1, Value(new TokenGramLoss(new()), student, teacher, Mask([1, 2], 1, 0)), 1e-14);
        Assert.Equal(0, Value(new TokenGramLoss(new()), student, teacher, Mask([1, 2], 0, 0)));
    }

    [Fact]
    public void The_order_of_tokens_does_not_matter_but_that_of_features_does()
    {
        using var scope = NewDisposeScope();
        var student = Draw(1, 2, 3, 4);

        Assert.Equal(0, Value(new TokenGramLoss(new()), student, student.flip(1)), 1e-14);
        Assert.True(Value(new TokenGramLoss(new()), student, student.flip(2)) > 0.01);
    }

    [Fact]
    public void A_text_without_tokens_stays_finite_and_unequal_widths_are_refused()
    {
        using var scope = NewDisposeScope();
        var student = full([1, 2, 3], 1e4f, ScalarType.Float32).requires_grad_();
        Finite(new TokenGramLoss(new()), Pair(student, zeros(1, 2, 3), zeros(1, 2)), student);
        Assert.Contains("equal widths", Assert.Throws<ArgumentException>(() => Value(new TokenGramLoss(new()), student, zeros(1, 2, 4))).Message, StringComparison.Ordinal);
    }
}
