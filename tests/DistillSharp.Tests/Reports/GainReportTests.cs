using DistillSharp.Reports;

namespace DistillSharp.Tests.Reports;

public sealed class GainReportTests
{
    [Fact]
    public void Mean_interval_and_errors_removed_are_those_worked_by_hand()
    {
        // 12, 8 and 7 points: mean 9; squares of the differences 9 + 1 + 4 = 14, halved 7; 4.303 sqrt(7 / 3) = 6.57.
        var gain = Of([30, 28, 26], [18, 20, 19]);

        Assert.Equal([12, 8, 7], gain.Points.Select(point => Math.Round(point, 9)));
        Assert.Equal(9, gain.Mean, 9);
        Assert.Equal(Math.Sqrt(7), gain.Deviation, 9);
        Assert.Equal(3, gain.Wins);
        Assert.Equal(1 - (57.0 / 84.0), gain.ErrorsRemoved, 9);
        Assert.Equal(GainAnswer.Helps, gain.Answer);
        Assert.Equal("Distillation helps: +9.00 points of top-1 against the control (95 % interval +2.43 to +15.57 over 3 seeds, better with 3 of them).", gain.Verdict);
        Assert.Equal("+9.00 (+2.43 to +15.57)", gain.Figures());
    }

    [Fact]
    public void An_interval_that_holds_0_is_no_clear_difference()
    {
        // 5, -2, 3: mean 2, deviation sqrt((9 + 16 + 1) / 2) = 3.606; 4.303 * 3.606 / sqrt(3) = 8.96.
        var gain = Of([20, 20, 20], [15, 22, 17]);

        Assert.Equal((GainAnswer.Unclear, 2), (gain.Answer, gain.Wins));
        Assert.Equal("No clear difference: +2.00 points of top-1 against the control (95 % interval -6.96 to +10.96 over 3 seeds, better with 2 of them). More seeds narrow the interval (--seeds 6).", gain.Verdict);
    }

    [Fact]
    public void Two_seeds_need_a_mean_of_6_times_half_their_distance()
    {
        // Two seeds with 1 + d and 1 - d points: s / sqrt(2) = d, and t(1) = 12.706. So 0.07 is clear and 0.08 is not; both were with two standard errors.
        Assert.Equal(GainAnswer.Helps, Of([5000, 5000], [4893, 4907], of: 10_000).Answer);
        Assert.Equal(GainAnswer.Unclear, Of([5000, 5000], [4892, 4908], of: 10_000).Answer);
    }

    [Fact]
    public void Seeds_that_all_lose_hurt()
    {
        var gain = Of([10, 11, 12], [15, 17, 17]);

        Assert.Equal(GainAnswer.Hurts, gain.Answer);
        Assert.StartsWith("Distillation hurts: -5.33 points of top-1 against the control (95 % interval -6.77 to -3.90 over 3 seeds, better with 0 of them).", gain.Verdict, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(18)]
    public void A_loss_within_the_interval_is_not_called_one(int distilled) => Assert.Equal(GainAnswer.Unclear, Of([18, 18], [distilled, 18]).Answer);

    [Fact]
    public void One_seed_speaks_of_the_two_models_with_an_interval_over_the_images()
    {
        // 5 samples that only the distilled student gets right and 2 that only the control does, of 100: Tango's interval, as PairedDifference has it.
        var control = WithAnswers(Variant("control", [7], 100), wrong: [0, 1, 2, 3, 4, 10, 11]);
        var distilled = WithAnswers(Variant("distilled", [4], 100), wrong: [5, 6, 10, 11]);

        var gain = GainReport.Of(control, distilled);

        Assert.Equal(GainAnswer.Open, gain.Answer);
        Assert.Equal(new(gain.Low!.Value, gain.High!.Value, 100), gain.Images);
        Assert.Equal(
            "+3.00 points of top-1 against the control (95 % interval -2.75 to +9.51 over 100 test images). One seed compares these two models, not distillation: repeat it with --seeds 5.",
            gain.Verdict);
    }

    [Theory]
    [InlineData(5, 95)]
    [InlineData(95, 5)]
    public void One_seed_never_helps_or_hurts_however_far_the_models_lie_apart(int control, int distilled)
    {
        var gain = GainReport.Of(
            WithAnswers(Variant("control", [control], 100), [.. Enumerable.Range(0, control)]), WithAnswers(Variant("distilled", [distilled], 100), [.. Enumerable.Range(0, distilled)]));

        Assert.Equal(GainAnswer.Open, gain.Answer);
        Assert.DoesNotContain("elps", gain.Verdict, StringComparison.Ordinal);
        Assert.DoesNotContain("urts", gain.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void One_seed_without_the_answers_has_no_interval()
    {
        var gain = Of([20], [15]);

        Assert.Equal(0, gain.Deviation);
        Assert.Null(gain.Low);
        Assert.StartsWith("+5.00 points of top-1 against the control (no interval). One seed compares these two models", gain.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_at_chance_get_no_verdict_however_regular_their_difference()
    {
        // 40 of the 100 samples are dogs: chance up to 0.4 + 3 sqrt(0.4 * 0.6 / 100) = 54.70 %.
        var gain = Of([60, 61, 62], [50, 51, 52]);

        Assert.Equal(GainAnswer.Open, gain.Answer);
        Assert.StartsWith("No verdict: +10.00 points of top-1", gain.Verdict, StringComparison.Ordinal);
        Assert.EndsWith("Neither model is clearly above always naming the most frequent class (54.70 %): control 39.00 %, distilled 49.00 %.", gain.Verdict, StringComparison.Ordinal);
        Assert.Equal(GainAnswer.Open, Of([50, 51, 52], [60, 61, 62]).Answer);
        Assert.Equal(GainAnswer.Helps, Of([60, 61, 62], [40, 41, 42]).Answer);
    }

    [Fact]
    public void A_teacher_below_the_control_is_not_what_helped()
    {
        VariantReport control = Variant("control", [30, 28, 26], 100), distilled = Variant("distilled", [18, 20, 19], 100), weak = Variant("teacher", [30, 28, 26], 100), strong = Variant("teacher", [29, 28, 26], 100);

        var gain = GainReport.Of(control, distilled, weak);

        Assert.Equal(GainAnswer.Open, gain.Answer);
        Assert.StartsWith("No verdict: +9.00 points", gain.Verdict, StringComparison.Ordinal);
        Assert.EndsWith("The teacher does not score above the control (72.00 % against 72.00 %), so the gain does not come from a better teacher.", gain.Verdict, StringComparison.Ordinal);
        Assert.Equal(GainAnswer.Helps, GainReport.Of(control, distilled, strong).Answer);
        Assert.Equal(GainAnswer.Helps, GainReport.Of(control, distilled, weak, strong).Answer);

        // A loss stays a loss, and the caveat is told beside it.
        var lost = GainReport.Of(distilled, control, weak);
        Assert.Equal(GainAnswer.Hurts, lost.Answer);
        Assert.EndsWith("The teacher does not score above the control (72.00 % against 81.00 %): train it longer or use a stronger one.", lost.Verdict, StringComparison.Ordinal);
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

    private static VariantReport WithAnswers(VariantReport variant, int[] wrong)
    {
        int[] labels = new int[variant.Seeds[0].Score.Count], predictions = new int[labels.Length];
        Array.ForEach(wrong, sample => predictions[sample] = 1);
        return variant with { Seeds = [variant.Seeds[0] with { Right = RightAnswers.Pack(labels, predictions) }] };
    }
}
