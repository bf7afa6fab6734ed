using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

public sealed class OneCycleScheduleTests
{
    /// <summary>PyTorch's OneCycleLR with cosine annealing: max / 25 to max in the first 0.3, then to max / 25 / 10000.</summary>
    [Theory]
    [InlineData(0, 0.04)]
    [InlineData(0.1, 0.04 + ((1 - 0.04) * 0.25))]
    [InlineData(0.15, 0.52)]
    [InlineData(0.3, 1)]
    [InlineData(0.65, (1 + 4e-6) / 2)]
    [InlineData(1, 4e-6)]
    public void The_defaults_are_pytorchs(double progress, double factor) =>
        Assert.Equal(factor, new OneCycleSchedule(new()).FactorAt(progress, 0), 1e-15);

    [Fact]
    public void Every_option_is_pytorchs_formula()
    {
        var schedule = new OneCycleSchedule(new() { RiseShare = 0.4, StartDivisor = 10, FinalDivisor = 100 });
        for (int i = 0; i <= 100; i++)
        {
            double progress = i / 100.0, start = 1 / 10.0, end = start / 100;

            // _annealing_cos(from, to, pct) = to + (from - to) / 2 * (cos(pi pct) + 1)
            double expected = progress <= 0.4
                ? 1 + ((start - 1) / 2 * (Math.Cos(Math.PI * progress / 0.4) + 1))
                : end + ((1 - end) / 2 * (Math.Cos(Math.PI * (progress - 0.4) / 0.6) + 1));
            Assert.Equal(expected, schedule.FactorAt(progress, 0), 1e-14);
        }
    }

    [Fact]
    public void Options_out_of_bounds_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneCycleScheduleOptions { RiseShare = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneCycleScheduleOptions { RiseShare = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneCycleScheduleOptions { StartDivisor = 0.5 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new OneCycleScheduleOptions { FinalDivisor = double.NaN });
    }
}
