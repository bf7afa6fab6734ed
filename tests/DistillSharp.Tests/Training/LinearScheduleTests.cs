using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

public sealed class LinearScheduleTests
{
    [Theory]
    [InlineData(0.01, 0, 1)]
    [InlineData(0.01, 0.5, 0.505)]
    [InlineData(0.01, 1, 0.01)]
    [InlineData(0, 0.25, 0.75)]
    [InlineData(1, 0.7, 1)]
    public void The_rate_falls_in_a_straight_line(double final, double progress, double factor) =>
        Assert.Equal(factor, new LinearSchedule(new() { FinalFactor = final }).FactorAt(progress, 0), 1e-15);

    [Fact]
    public void A_final_factor_below_zero_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new LinearScheduleOptions { FinalFactor = -0.1 });
}
