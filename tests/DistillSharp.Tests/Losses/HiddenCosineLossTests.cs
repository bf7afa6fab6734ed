using DistillSharp.Losses.Text;
using TorchSharp;
using static DistillSharp.Tests.Losses.LossProbe;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class HiddenCosineLossTests
{
    [Fact]
    public void Directions_count_and_lengths_do_not()
    {
        using var scope = NewDisposeScope();

        // At right angles, opposite, the same.
        var (student, teacher) = (Of([1, 3, 2], 1, 0, 2, 2, 3, 1), Of([1, 3, 2], 0, 5, -1, -1, 6, 2));
        Assert.Equal(1, Value(new HiddenCosineLoss(new()), student, teacher), 1e-11);
        Assert.Equal(1.5, Value(new HiddenCosineLoss(new()), student, teacher, Mask([1, 3], 1, 1, 0)), 1e-11);
        Assert.Equal(0, Value(new HiddenCosineLoss(new()), student, teacher, Mask([1, 3], 0, 0, 0)));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e6f)]
    public void Tokens_of_zeros_and_long_ones_stay_finite(float value)
    {
        using var scope = NewDisposeScope();
        var student = full([1, 2, 3], value, ScalarType.Float32).requires_grad_();
        Finite(new HiddenCosineLoss(new()), Pair(student, full([1, 2, 3], value, ScalarType.Float32)), student);
    }
}
