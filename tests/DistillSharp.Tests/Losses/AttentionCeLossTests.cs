using DistillSharp.Losses.Text;
using TorchSharp;
using static DistillSharp.Tests.Losses.LossProbe;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class AttentionCeLossTests
{
    [Fact]
    public void A_teacher_that_attends_to_one_key_asks_for_it()
    {
        using var scope = NewDisposeScope();

        // The student's first row is (3/4, 1/4), its second (1/2, 1/2); the teacher attends to the second key, then to both.
        var student = Of([1, 1, 2, 2], Math.Log(3), 0, 1, 1);
        var teacher = Of([1, 1, 2, 2], 0, 60, 2, 2);
        Assert.Equal((Math.Log(4) + Math.Log(2)) / 2, Value(new AttentionCeLoss(new()), student, teacher), 1e-12);

        // The teacher's masked key is left out, and the rest is not made to add up to 1 again.
        var negative = Of([1, 1, 2, 2], -1, -1, 2, 2);
        Assert.Equal(Math.Log(2) / 2, Value(new AttentionCeLoss(new() { MaskDepth = 0.001 }), student, negative), 1e-12);
    }

    [Fact]
    public void Keys_are_masked_after_the_softmax()
    {
        using var scope = NewDisposeScope();
        var scores = zeros([1, 2, 2, 2], ScalarType.Float64);

        Assert.Equal(0.5 * Math.Log(2), Value(new AttentionCeLoss(new()), scores, scores, Mask([1, 2], 1, 0)), 1e-14);
        Assert.Equal(Math.Log(2), Value(new AttentionCeLoss(new()), scores, scores, Mask([1, 2], 1, 1)), 1e-14);
        Assert.Equal(0, Value(new AttentionCeLoss(new()), scores, scores, Mask([1, 2], 0, 0)));
    }

    [Theory]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.MinValue)]
    [InlineData(-50f)]
    public void What_models_add_to_masked_scores_stays_finite(float masked)
    {
        using var scope = NewDisposeScope();
        var student = torch.tensor(new[] { 50f, masked, -50f, masked }, [1, 1, 2, 2], requires_grad: true);
        Finite(new AttentionCeLoss(new()), Pair(student, torch.tensor(new[] { -50f, masked, 50f, masked }, [1, 1, 2, 2])), student);
    }
}
