using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

public sealed class CosineScheduleTests
{
    /// <summary>Half of one plus the cosine: of 0, 60, 90, 120 and 180 degrees.</summary>
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0, 1.0 / 3, 0.75)]
    [InlineData(0, 0.5, 0.5)]
    [InlineData(0, 2.0 / 3, 0.25)]
    [InlineData(0, 1, 0)]
    [InlineData(0.2, 0, 1)]
    [InlineData(0.2, 0.5, 0.6)]
    [InlineData(0.2, 1, 0.2)]
    public void The_rate_falls_along_half_a_cosine(double final, double progress, double factor) =>
        Assert.Equal(factor, new CosineSchedule(new() { FinalFactor = final }).FactorAt(progress, 0), 1e-15);

    [Fact]
    public void A_final_factor_above_one_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new CosineScheduleOptions { FinalFactor = 1.1 });
}
