using DistillSharp.Losses.Feature;
using static DistillSharp.Tests.Losses.FeatureTrial;

namespace DistillSharp.Tests.Losses;

public sealed class AtLossTests
{
    [Fact]
    public void Two_places_worked_by_hand()
    {
        // Energies (1 + 4, 0) and (0, 9): of norm 1, they are (1, 0) and (0, 1).
        using var student = Of([1, 0, 2, 0], 1, 2, 1, 2);
        using var teacher = Of([0, -3], 1, 1, 1, 2);

        Assert.Equal(Math.Sqrt(2), Loss(new AtLoss(new()), student, teacher), 1e-14);
        Assert.Equal(1, Loss(new AtLoss(new() { Convention = AtConvention.Code }), student, teacher), 1e-14);
        Assert.Equal(3 * Math.Sqrt(2), Loss(new AtLoss(new() { PairWeights = [3] }), student, teacher), 1e-14);
    }

    [Fact]
    public void The_power_weighs_what_is_large()
    {
        // Energies (1, 2) ^ p: of norm 1, (1, 2^p) / sqrt(1 + 4^p).
        using var student = Of([1, -2], 1, 1, 1, 2);
        using var teacher = Of([0, 5], 1, 1, 1, 2);
        double a = 1 / Math.Sqrt(65), b = 8 / Math.Sqrt(65);

        Assert.Equal(Math.Sqrt((a * a) + ((1 - b) * (1 - b))), Loss(new AtLoss(new() { Power = 3 }), student, teacher), 1e-14);
    }

    [Fact]
    public void The_larger_map_is_averaged_to_the_smaller_and_batches_count_alike()
    {
        using var student = Normal(1, 3, 2, 4, 4);
        using var teacher = Normal(2, 3, 5, 2, 2);
        using var pooled = TorchSharp.torch.nn.functional.avg_pool2d(student, 2);
        using var twice = TorchSharp.torch.cat([student, student]);
        using var both = TorchSharp.torch.cat([teacher, teacher]);

        double expected = Loss(new AtLoss(new()), pooled, teacher);
        Assert.Equal(expected, Loss(new AtLoss(new()), student, teacher), 1e-12);
        Assert.Equal(expected, Loss(new AtLoss(new()), twice, both), 1e-12);
    }

    [Theory]
    [InlineData(AtConvention.Paper)]
    [InlineData(AtConvention.Code)]
    public void Dead_and_large_maps_stay_finite(AtConvention convention) =>
        StaysFinite(() => new AtLoss(new() { Convention = convention }), null, null, [1, 4, 3, 3], [1, 6, 3, 3]);

    [Fact]
    public void Bad_options_are_refused()
    {
        Assert.Equal(0, Assert.Throws<ArgumentOutOfRangeException>(() => new AtLossOptions { Power = 0 }).ActualValue);
        Assert.Equal(-1.0, Assert.Throws<ArgumentOutOfRangeException>(() => new AtLossOptions { PairWeights = [1, -1] }).ActualValue);
        using var map = Normal(1, 2, 2, 2, 2);
        Assert.Contains("2 pair weights for 1 pairs", Assert.Throws<ArgumentException>(() => Loss(new AtLoss(new() { PairWeights = [1, 2] }), map, map)).Message, StringComparison.Ordinal);
    }
}
