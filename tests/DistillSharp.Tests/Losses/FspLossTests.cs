using DistillSharp.Losses.Feature;
using static DistillSharp.Tests.Losses.FeatureTrial;

namespace DistillSharp.Tests.Losses;

public sealed class FspLossTests
{
    [Fact]
    public void One_place_worked_by_hand()
    {
        // Flows: (1, 2)ᵀ (3, 4) = [[3, 4], [6, 8]] against (1, 1)ᵀ (1, 1).
        using var first = Of([1, 2], 1, 2, 1, 1);
        using var second = Of([3, 4], 1, 2, 1, 1);
        using var ones = Of([1, 1], 1, 2, 1, 1);

        Assert.Equal((4 + 9 + 25 + 49) / 4.0, Loss(new FspLoss(new()), [first, second], [ones, ones]), 1e-14);
        Assert.Equal(Math.Sqrt(4 + 25) + Math.Sqrt(9 + 49), Loss(new FspLoss(new() { Convention = FspConvention.Torchdistill }), [first, second], [ones, ones]), 1e-14);
    }

    [Fact]
    public void The_larger_map_is_averaged_or_keeps_its_largest()
    {
        using var large = Of([1, 2, 3, 6], 1, 1, 2, 2);
        using var small = Of([1], 1, 1, 1, 1);
        using var zero = Of([0], 1, 1, 1, 1);

        Assert.Equal(9, Loss(new FspLoss(new()), [large, small], [zero, zero]), 1e-14);
        Assert.Equal(6, Loss(new FspLoss(new() { Convention = FspConvention.Torchdistill }), [large, small], [zero, zero]), 1e-14);
    }

    [Fact]
    public void Pairs_and_their_weights_are_those_asked_for()
    {
        var students = Enumerable.Range(0, 3).Select(i => Normal((ulong)i, 2, 3, 4, 4)).ToArray();
        var teachers = Enumerable.Range(5, 3).Select(i => Normal((ulong)i, 2, 3, 4, 4)).ToArray();
        double[] terms = [.. new[] { "0-1", "1-2", "2-0" }.Select(pair => Loss(new FspLoss(new() { Pairs = [pair] }), students, teachers))];

        Assert.Equal(terms[0] + terms[1], Loss(new FspLoss(new()), students, teachers), 1e-13);
        Assert.Equal((2 * terms[2]) + (0.5 * terms[0]), Loss(new FspLoss(new() { Pairs = ["2-0", "0-1"], PairWeights = [2, 0.5] }), students, teachers), 1e-13);
        Assert.Contains("stages 0 and 3", Assert.Throws<ArgumentException>(() => Loss(new FspLoss(new() { Pairs = ["0-3"] }), students, teachers)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FspConvention.Paper)]
    [InlineData(FspConvention.Torchdistill)]
    public void Dead_and_large_maps_stay_finite(FspConvention convention) =>
        StaysFinite(() => new FspLoss(new() { Convention = convention }), null, null, [1, 4, 3, 3], [1, 4, 3, 3], pairs: 2);

    [Theory]
    [InlineData("1")]
    [InlineData("a-b")]
    [InlineData("-1-2")]
    public void A_pair_that_is_none_is_refused(string pair) =>
        Assert.Contains($"'{pair}'", Assert.Throws<ArgumentException>(() => new FspLossOptions { Pairs = [pair] }).Message, StringComparison.Ordinal);
}
