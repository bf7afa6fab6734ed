using DistillSharp.Losses.Feature;
using TorchSharp;
using static DistillSharp.Tests.Losses.FeatureTrial;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Losses;

public sealed class AbLossTests
{
    [Fact]
    public void Four_values_worked_by_hand()
    {
        // Where the teacher is 0 or below, what is above -1 pays; where it is above 0, what is below 1.
        using var student = Of([0.5, -2, 0.5, 3], 1, 1, 2, 2);
        using var teacher = Of([0, -1, 2, 0.1], 1, 1, 2, 2);

        Assert.Equal(0.003 * ((1.5 * 1.5) + (0.5 * 0.5)), Loss(new AbLoss(new()), student, teacher), 1e-14);
        Assert.Equal((2.5 * 2.5) + (1.5 * 1.5), Loss(new AbLoss(new() { Convention = AbConvention.Torchdistill, Margin = 2 }), student, teacher), 1e-14);
    }

    [Fact]
    public void Earlier_stages_count_half_as_much_each()
    {
        Tensor[] students = [Normal(1, 2, 3, 4, 4), Normal(2, 2, 3, 2, 2), Normal(3, 2, 3, 1, 1)];
        Tensor[] teachers = [Normal(4, 2, 3, 4, 4), Normal(5, 2, 3, 2, 2), Normal(6, 2, 3, 1, 1)];
        double[] stages = [.. students.Zip(teachers, (s, t) => Loss(new AbLoss(new()), s, t))];

        Assert.Equal((stages[0] / 4) + (stages[1] / 2) + stages[2], Loss(new AbLoss(new()), students, teachers), 1e-13);
        Assert.Equal(stages.Sum(), Loss(new AbLoss(new() { Convention = AbConvention.Mmrazor }), students, teachers), 1e-13);
    }

    [Fact]
    public void Only_pairs_of_unequal_widths_get_a_connector()
    {
        Tensor[] students = [Normal(1, 4, 3, 2, 2), Normal(2, 4, 3, 2, 2)];
        Tensor[] teachers = [Normal(3, 4, 3, 2, 2), Normal(4, 4, 5, 2, 2)];
        using var loss = new AbLoss(new() { Convention = AbConvention.Torchdistill });
        double value = Loss(loss, students, teachers);

        Assert.Equal(["1.conv.weight", "1.bn.weight", "1.bn.bias"], loss.Adapters[0].Executor.Weights.Parameters.Select(parameter => parameter.Name));
        using var convolved = nn.functional.conv2d(students[1], Weight(loss, "1.conv.weight"));
        using var connected = nn.functional.batch_norm(convolved, null!, null!, Weight(loss, "1.bn.weight"), Weight(loss, "1.bn.bias"), true);
        var plain = new AbLoss(new() { Convention = AbConvention.Torchdistill });
        Assert.Equal(Loss(plain, students[0], teachers[0]) + Loss(plain, connected, teachers[1]), value, 1e-10);
        Assert.Throws<ArgumentException>(() => Loss(new AbLoss(new() { Connector = false }), students[1], teachers[1]));
    }

    [Fact]
    public void Vectors_are_compared_as_the_four_values_are_and_meet_through_a_connector()
    {
        using var student = Of([0.5, -2, 0.5, 3], 1, 4);
        using var teacher = Of([0, -1, 2, 0.1], 1, 4);
        Assert.Equal(0.003 * ((1.5 * 1.5) + (0.5 * 0.5)), Loss(new AbLoss(new()), student, teacher), 1e-14);

        using var narrow = Normal(1, 4, 3);
        using var wide = Normal(2, 4, 5);
        using var loss = new AbLoss(new() { Convention = AbConvention.Torchdistill });
        double value = Loss(loss, narrow, wide);
        using var linear = narrow.matmul(Weight(loss, "0.conv.weight").reshape(5, 3).t());
        using var connected = nn.functional.batch_norm(linear, null!, null!, Weight(loss, "0.bn.weight"), Weight(loss, "0.bn.bias"), true);
        Assert.Equal(Loss(new AbLoss(new() { Convention = AbConvention.Torchdistill }), connected, wide), value, 1e-10);
    }

    [Fact]
    public void A_vector_and_a_map_are_refused()
    {
        using var vector = Normal(1, 4, 3);
        using var map = Normal(2, 4, 3, 1, 1);
        Assert.Contains("or vectors [N, D] of both", Assert.Throws<ArgumentException>(() => Loss(new AbLoss(new()), vector, map)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dead_and_large_vectors_stay_finite() => StaysFinite(() => new AbLoss(new()), null, null, [4, 3], [4, 6]);

    [Fact]
    public void Dead_and_large_maps_stay_finite() => StaysFinite(() => new AbLoss(new()), null, null, [1, 4, 3, 3], [1, 6, 3, 3]);

    [Fact]
    public void A_margin_below_0_is_refused() => Assert.Equal(-1.0, Assert.Throws<ArgumentOutOfRangeException>(() => new AbLossOptions { Margin = -1 }).ActualValue);
}
