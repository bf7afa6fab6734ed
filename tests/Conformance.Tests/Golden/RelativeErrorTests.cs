using DistillSharp.TestKit.Numerics;

namespace Conformance.Tests.Golden;

public sealed class RelativeErrorTests
{
    [Theory]
    [InlineData(new[] { 1.0, 2.2 }, new[] { 1.0, 2.0 }, 0, 0.1)]
    [InlineData(new[] { 0.0, 1e-9 }, new[] { 0.0, 0.0 }, 0, 1e-9)]
    [InlineData(new[] { 0.0, 1e-9 }, new[] { 0.0, 0.0 }, 10, 1e-10)]
    [InlineData(new[] { 1e-17 }, new[] { -3e-17 }, 0, 4e-17)]
    [InlineData(new[] { 2e-8 }, new[] { 1e-8 }, 1, 1)]
    [InlineData(new[] { 0.0 }, new[] { 5.0 }, 0, 1)]
    public void The_difference_is_a_share_of_the_largest_and_of_the_scale_where_the_truth_is_zero(double[] actual, double[] expected, double scale, double error) =>
        Assert.Equal(error, CentralDifferences.RelativeError(actual, expected, scale), 1e-12 * error);

    [Theory]
    [InlineData(new[] { double.NaN, 1 }, new[] { 0.0, 1 })]
    [InlineData(new[] { 0.0, 1 }, new[] { double.NaN, 1 })]
    public void What_is_not_a_number_is_never_near(double[] actual, double[] expected) => Assert.True(double.IsNaN(CentralDifferences.RelativeError(actual, expected)));

    [Fact]
    public void Another_count_is_refused() => Assert.Throws<ArgumentException>(() => CentralDifferences.RelativeError([1.0], [1.0, 2.0]));
}
