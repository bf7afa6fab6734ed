using DistillSharp.Losses.Text;
using TorchSharp;
using static DistillSharp.Tests.Losses.LossProbe;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class TokenMmdLossTests
{
    [Fact]
    public void One_layer_is_compared_with_itself_and_several_each_with_the_next()
    {
        using var scope = NewDisposeScope();
        var (a, b, c) = (Of([1, 1, 2], 1, 2), Of([1, 1, 2], 3, 0), Of([1, 1, 2], 0, 1));
        var one = Of([1, 1, 1], 1);

        Assert.Equal(2.25, Value(new TokenMmdLoss(new()), a, one), 1e-14);

        // a·b / 2 - 1 and b·c / 2 - 1.
        Assert.Equal(0.25 + 1, Value(new TokenMmdLoss(new()), new() { StudentFeatures = [a, b, c], TeacherFeatures = [one, one, one] }), 1e-14);
    }

    [Fact]
    public void Pairs_of_tokens_that_both_count_are_averaged()
    {
        using var scope = NewDisposeScope();
        var (student, teacher) = (Of([1, 2, 1], 2, 7), zeros([1, 2, 3], ScalarType.Float64));

        Assert.Equal(16, Value(new TokenMmdLoss(new()), student, teacher, Mask([1, 2], 1, 0)), 1e-12);
        Assert.Equal((16 + (2 * 196) + 2401) / 4.0, Value(new TokenMmdLoss(new()), student, teacher), 1e-12);
        Assert.Equal(0, Value(new TokenMmdLoss(new()), student, teacher, Mask([1, 2], 0, 0)));
    }

    [Fact]
    public void Zeros_and_large_states_stay_finite_and_layers_of_two_widths_are_refused()
    {
        using var scope = NewDisposeScope();
        var student = zeros(1, 2, 3, requires_grad: true);
        Finite(new TokenMmdLoss(new()), Pair(student, full([1, 2, 5], 1e4f, ScalarType.Float32), zeros(1, 2)), student);
        Assert.Contains("[1, 2, 4]", Assert.Throws<ArgumentException>(() => Value(new TokenMmdLoss(new()), new() { StudentFeatures = [student, zeros(1, 2, 4)], TeacherFeatures = [student, student] })).Message, StringComparison.Ordinal);
    }
}
