using DistillSharp.Reports;

namespace DistillSharp.Tests.Reports;

public sealed class GainReportTests
{
    [Fact]
    public void Mean_deviation_and_errors_removed_are_those_worked_by_hand()
    {
        // 12, 8 and 7 points: mean 9; squares of the differences 9 + 1 + 4 = 14, halved 7.
        var gain = Of([30, 28, 26], [18, 20, 19]);

        Assert.Equal([12, 8, 7], gain.Points.Select(point => Math.Round(point, 9)));
        Assert.Equal(9, gain.Mean, 9);
        Assert.Equal(Math.Sqrt(7), gain.Deviation, 9);
        Assert.Equal(3, gain.Wins);
        Assert.Equal(1 - (57.0 / 84.0), gain.ErrorsRemoved, 9);
        Assert.Equal("Distillation helped: +9.00 ± 2.65 points of top-1 over 3 seeds, better on 3 of them.", gain.Verdict);
    }

    [Fact]
    public void A_gain_within_two_standard_errors_is_not_clear()
    {
        // 5, -2, 3: mean 2, deviation sqrt((9 + 16 + 1) / 2) = 3.606; two standard errors 4.163.
        var gain = Of([20, 20, 20], [15, 22, 17]);

        Assert.Equal(2, gain.Wins);
        Assert.StartsWith("Distillation did not help clearly: +2.00 ± 3.61 points of top-1 over 3 seeds, better on 2 of them.", gain.Verdict, StringComparison.Ordinal);
        Assert.Contains("within what seeds alone do", gain.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_standard_errors_are_the_border()
    {
        // Two seeds with 1 + d and 1 - d points: deviation sqrt(2) d, two standard errors 2 d. So d = 0.4 is clear, 0.6 is not.
        Assert.StartsWith("Distillation helped:", Of([1000, 1000], [986, 994], of: 1000).Verdict, StringComparison.Ordinal);
        Assert.StartsWith("Distillation did not help clearly:", Of([1000, 1000], [984, 996], of: 1000).Verdict, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, "-2.00")]
    [InlineData(18, "0.00")]
    public void No_gain_is_told_plainly(int distilled, string points) =>
        Assert.Equal($"Distillation did not help: {points} points of top-1 against the control.", Of([18, 18], [distilled, distilled]).Verdict);

    [Fact]
    public void One_seed_proves_little()
    {
        var gain = Of([20], [15]);

        Assert.Equal(0, gain.Deviation);
        Assert.StartsWith("The distilled student is 5.00 points of top-1 above the control on one seed. One seed proves little", gain.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void More_errors_than_the_control_are_a_negative_share() => Assert.Equal(-0.5, Of([10], [15]).ErrorsRemoved, 9);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, double.NegativeInfinity)]
    public void Of_a_control_without_errors_none_can_be_removed(int distilled, double removed) => Assert.Equal(removed, Of([0], [distilled]).ErrorsRemoved);

    [Fact]
    public void The_share_removed_is_right_where_the_control_makes_less_than_one_error() => Assert.Equal(0, Of([0, 1], [1, 0]).ErrorsRemoved, 9);

    private static GainReport Of(int[] control, int[] distilled, int of = 100) => GainReport.Of(Variant("control", control, of), Variant("distilled", distilled, of));

    private static VariantReport Variant(string name, int[] errors, int of) =>
        SampleReport.Variant(name, [.. errors.Select(count => SampleReport.Score(0) with { Count = of, Errors = count, Top1 = 1 - ((double)count / of) })]);
}
