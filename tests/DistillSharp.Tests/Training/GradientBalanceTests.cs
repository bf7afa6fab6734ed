using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

public sealed class GradientBalanceTests
{
    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    [InlineData(0)]
    public void A_first_norm_that_tells_nothing_leaves_the_weight_and_the_next_one_counts_in_full(double first)
    {
        var balance = new GradientBalance(1, 0.9);
        balance.Measured([2, first, 1]);
        Assert.Equal((1, 1, 2), (balance.FactorOf(0), balance.FactorOf(1), balance.FactorOf(2)));

        balance.Measured([2, 8, 1]);
        Assert.Equal((1, 0.25, 2), (balance.FactorOf(0), balance.FactorOf(1), balance.FactorOf(2)));
    }

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    public void The_first_terms_first_norm_leaves_all_weights(double first)
    {
        var balance = new GradientBalance(1, 0.5);
        balance.Measured([first, 4]);
        Assert.Equal((1, 1), (balance.FactorOf(0), balance.FactorOf(1)));

        balance.Measured([2, 4]);
        Assert.Equal(0.5, balance.FactorOf(1));
    }

    [Fact]
    public void A_later_norm_that_is_infinite_is_not_taken_in()
    {
        var balance = new GradientBalance(1, 0.5);
        balance.Measured([1, 4]);
        balance.Measured([1, double.PositiveInfinity]);
        Assert.Equal(0.25, balance.FactorOf(1));

        balance.Measured([1, 8]);
        Assert.Equal(1.0 / 6, balance.FactorOf(1), 1e-15);
    }

    [Fact]
    public void An_infinite_average_of_an_earlier_version_is_left_behind()
    {
        var balance = new GradientBalance(1, 0.9) { Norms = [1, double.PositiveInfinity] };
        Assert.Equal(1, balance.FactorOf(1));

        balance.Measured([1, 2]);
        Assert.Equal(0.5, balance.FactorOf(1));
    }
}
