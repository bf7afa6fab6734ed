using DistillSharp.Losses;
using DistillSharp.Losses.Feature;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeaturePairs;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class ReviewKdLossTests
{
    [Fact]
    public void Contexts_of_a_small_map_worked_by_hand()
    {
        // At full size every square is 1; of a map of two rows only the 1x1 context is smaller, where the mean is 1/2.
        using var student = Values([1, 1, 1, -1], 1, 1, 2, 2);
        using var teacher = zeros_like(student);

        Assert.Equal((1 + (0.5 * 0.25)) / 1.5, Loss(new ReviewKdLoss(new() { Fusion = false }), student, teacher), 1e-14);
    }

    [Fact]
    public void An_embedding_is_a_map_of_one_pixel()
    {
        using var student = Values([1, 2], 1, 2);
        using var teacher = zeros_like(student);

        Assert.Equal(2.5, Loss(new ReviewKdLoss(new() { Fusion = false }), student, teacher), 1e-14);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Stages_of_any_size_are_fused_and_every_stage_reaches_the_deepest(long batch)
    {
        using var scope = NewDisposeScope();
        using var loss = new ReviewKdLoss(new());
        Tensor deep = Drawn(3, ScalarType.Float32, batch, 6, 2, 2).requires_grad_(), pooled = Drawn(4, ScalarType.Float32, batch, 9).requires_grad_();
        var inputs = new LossInputs
        {
            StudentFeatures = [Drawn(1, ScalarType.Float32, batch, 4, 9, 9), deep, pooled],
            TeacherFeatures = [Drawn(5, ScalarType.Float32, batch, 5, 7, 7), Drawn(6, ScalarType.Float32, batch, 8, 5, 5), Drawn(7, ScalarType.Float32, batch, 12)],
        };

        var (value, gradient) = WithGradient(loss, inputs);

        Assert.True(double.IsFinite(value) && value > 0);
        Assert.All([.. gradient, .. Numbers(deep.grad!), .. Numbers(pooled.grad!)], number => Assert.True(double.IsFinite(number)));
        Assert.Contains(Numbers(pooled.grad!), number => batch == 1 || number != 0);
        Assert.Equal([9, 9, 1, 1], loss.Adapters[0].Executor.Weights.Find("2.reduce.conv.weight")!.Shape);
        Assert.Equal([5, 9, 3, 3], loss.Adapters[0].Executor.Weights.Find("0.widen.conv.weight")!.Shape);
    }

    [Fact]
    public void Resized_maps_take_the_pixels_that_libtorch_takes()
    {
        foreach (var (from, to) in Enumerable.Range(1, 30).SelectMany(from => Enumerable.Range(1, 60).Select(to => (from, to))))
        {
            using var scope = NewDisposeScope();
            var resized = nn.functional.interpolate(arange(from, ScalarType.Float64).reshape(1, 1, 1, from), size: [1, to], mode: InterpolationMode.Nearest);
            Assert.Equal(Numbers(resized), ReviewKdFusion.Picks(from, to).Select(pick => (double)pick));
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_both_shapes()
    {
        using var student = ones(2, 4, 8, 8);
        using var teacher = ones(2, 5, 8, 8);
        var error = Assert.Throws<ArgumentException>(() => Loss(new ReviewKdLoss(new() { Fusion = false }), student, teacher));
        Assert.Contains("[2, 4, 8, 8]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[2, 5, 8, 8]", error.Message, StringComparison.Ordinal);

        using var tokens = ones(2, 4, 8);
        Assert.Throws<ArgumentException>(() => Loss(new ReviewKdLoss(new()), tokens, tokens));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReviewKdLossOptions { Width = 0 });
    }
}
