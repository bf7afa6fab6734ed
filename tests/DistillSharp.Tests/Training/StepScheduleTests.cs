using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

public sealed class StepScheduleTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 0.2)]
    [InlineData(6, 0.2)]
    [InlineData(7, 0.04)]
    [InlineData(100, 0.04)]
    public void The_rate_falls_at_the_start_of_each_milestones_epoch(int epoch, double factor) =>
        Assert.Equal(factor, new StepSchedule(new() { Milestones = [3, 7], Gamma = 0.2 }).FactorAt(0.5, epoch), 1e-15);

    [Fact]
    public void Milestones_that_do_not_rise_are_refused_and_shown()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new StepScheduleOptions { Milestones = [7, 3] });
        Assert.Contains("[7, 3]", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepScheduleOptions { Milestones = [0, 3] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepScheduleOptions { Milestones = [3, 3] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepScheduleOptions { Gamma = 0 });
    }
}
