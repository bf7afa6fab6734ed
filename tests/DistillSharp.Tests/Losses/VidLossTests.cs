using DistillSharp.Losses.Feature;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeatureTrial;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class VidLossTests
{
    [Fact]
    public void A_regressor_that_gives_0_leaves_the_normal_distribution()
    {
        using var student = Normal(1, 2, 3, 2, 2);
        using var teacher = Of([1, 2, -3, 4, 0, 0, 1, -1], 2, 1, 2, 2);
        using var loss = new VidLoss(new() { InitialVariance = 2 });
        loss.Prepare(new() { Shapes = new() { StudentFeatures = [student.shape], TeacherFeatures = [teacher.shape] }, Precision = Graph.ElementType.Float64 });
        Weight(loss, "0.regressor.4.weight").zero_();

        double expected = 0.5 * (((1 + 4 + 9 + 16 + 1 + 1) / 8.0 / 2) + Math.Log(2));
        Assert.Equal(expected, Loss(loss, student, teacher), 1e-7);
    }

    [Fact]
    public void It_is_least_where_the_variance_is_that_of_the_error()
    {
        using var student = zeros(2, 3, 2, 2, ScalarType.Float64);
        using var teacher = Of([3, -3, 3, -3, 3, -3, 3, -3], 2, 1, 2, 2);

        double exact = Loss(new VidLoss(new() { InitialVariance = 9 }), student, teacher);
        Assert.Equal(0.5 + Math.Log(3), exact, 1e-6);
        Assert.True(Loss(new VidLoss(new() { InitialVariance = 8 }), student, teacher) > exact);
        Assert.True(Loss(new VidLoss(new() { InitialVariance = 10 }), student, teacher) > exact);
    }

    [Fact]
    public void The_larger_map_is_averaged_and_pairs_are_summed()
    {
        using var student = Normal(1, 2, 3, 4, 4);
        using var teacher = Normal(2, 2, 5, 2, 2);
        using var pooled = nn.functional.avg_pool2d(student, 2);
        using var two = new VidLoss(new());
        double both = Loss(two, [student, student], [teacher, teacher]);
        using var one = new VidLoss(new());
        double value = Loss(one, pooled, teacher);

        Assert.Equal(value, Loss(new VidLoss(new()), student, teacher), 1e-12);
        foreach (string name in new[] { "regressor.0.weight", "regressor.2.weight", "regressor.4.weight" })
        {
            Weight(two, $"0.{name}").copy_(Weight(one, $"0.{name}"));
            Weight(two, $"1.{name}").copy_(Weight(one, $"0.{name}"));
        }

        Assert.NotEqual(both, 2 * value, 1e-9);
        Assert.Equal(2 * value, Loss(two, [student, student], [teacher, teacher]), 1e-12);
    }

    [Fact]
    public void The_regressor_has_the_width_that_was_asked_for()
    {
        using var scope = NewDisposeScope();
        var student = Normal(1, 2, 3, 2, 2);
        var teacher = Normal(2, 2, 5, 2, 2);
        using var loss = new VidLoss(new() { MidWidth = 7, InitialVariance = 2 });
        double value = Loss(loss, student, teacher);

        Assert.Equal([7, 3, 1, 1], Weight(loss, "0.regressor.0.weight").shape);
        Assert.Equal([7, 7, 1, 1], Weight(loss, "0.regressor.2.weight").shape);
        Assert.Equal([5, 7, 1, 1], Weight(loss, "0.regressor.4.weight").shape);
        var x = nn.functional.relu(nn.functional.conv2d(student, Weight(loss, "0.regressor.0.weight")));
        x = nn.functional.conv2d(nn.functional.relu(nn.functional.conv2d(x, Weight(loss, "0.regressor.2.weight"))), Weight(loss, "0.regressor.4.weight"));
        Assert.Equal(0.5 * (((x - teacher).square().mean().ToDouble() / 2) + Math.Log(2)), value, 1e-7);
    }

    [Fact]
    public void Vectors_are_maps_of_one_pixel()
    {
        using var student = Normal(1, 4, 3);
        using var teacher = Normal(2, 4, 5);
        using var studentMap = student.reshape(4, 3, 1, 1);
        using var teacherMap = teacher.reshape(4, 5, 1, 1);

        Assert.Equal(Loss(new VidLoss(new()), studentMap, teacherMap), Loss(new VidLoss(new()), student, teacher), 1e-12);
    }

    [Fact]
    public void Dead_and_large_maps_stay_finite() => StaysFinite(() => new VidLoss(new()), null, null, [1, 4, 3, 3], [1, 6, 3, 3]);

    [Fact]
    public void Bad_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new VidLossOptions { InitialVariance = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new VidLossOptions { Epsilon = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new VidLossOptions { MidWidth = 0 });
    }
}
