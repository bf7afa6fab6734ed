using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

public sealed class ConstantScheduleTests
{
    [Fact]
    public void The_rate_stays() => Assert.All(new[] { 0, 0.3, 0.999 }, progress => Assert.Equal(1, new ConstantSchedule().FactorAt(progress, 5)));
}
