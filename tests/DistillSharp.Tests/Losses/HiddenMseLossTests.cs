using DistillSharp.Losses.Text;
using TorchSharp;
using static DistillSharp.Tests.Losses.LossProbe;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class HiddenMseLossTests
{
    [Fact]
    public void Tokens_that_do_not_count_are_left_out_of_the_mean()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (Of([1, 2, 1], 1, 3), Of([1, 2, 1], 0, 0));

        Assert.Equal(5, Value(new HiddenMseLoss(new()), student, teacher), 1e-14);
        Assert.Equal(1, Value(new HiddenMseLoss(new()), student, teacher, Mask([1, 2], 1, 0)), 1e-14);
        Assert.Equal(0, Value(new HiddenMseLoss(new()), student, teacher, Mask([1, 2], 0, 0)));
    }

    [Fact]
    public void Pairs_of_unequal_widths_have_a_projection_each()
    {
        using var scope = NewDisposeScope();
        using var loss = new HiddenMseLoss(new());
        var student = Draw(1, 2, 3, 4).to(ScalarType.Float32).requires_grad_();
        Finite(loss, new() { StudentFeatures = [student, student, student], TeacherFeatures = [zeros(2, 3, 6), zeros(2, 3, 4), zeros(2, 3, 5)], Mask = zeros(2, 3) }, student);

        Assert.Equal(["0.proj.bias", "0.proj.weight", "2.proj.bias", "2.proj.weight"], loss.Adapters[0].Executor.Weights.Parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Shapes_that_cannot_be_compared_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("mask is [1, 3]", Assert.Throws<ArgumentException>(() => Value(new HiddenMseLoss(new()), zeros(1, 2, 4), zeros(1, 2, 4), ones(1, 3))).Message, StringComparison.Ordinal);
        Assert.Contains("[1, 2, 4]", Assert.Throws<ArgumentException>(() => Value(new HiddenMseLoss(new()), zeros(1, 2, 4), zeros(1, 4))).Message, StringComparison.Ordinal);
        Assert.Contains("numbers of tokens", Assert.Throws<ArgumentException>(() => Value(new HiddenMseLoss(new()), zeros(1, 2, 4), zeros(1, 3, 4))).Message, StringComparison.Ordinal);
    }
}
