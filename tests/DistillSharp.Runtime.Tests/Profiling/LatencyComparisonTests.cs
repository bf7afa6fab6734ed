using DistillSharp.Runtime.Profiling;

namespace DistillSharp.Runtime.Tests.Profiling;

public sealed class LatencyComparisonTests
{
    [Fact]
    public void A_slower_second_model_is_warned_of_with_both_times()
    {
        string warning = new LatencyComparison(1.25, 2.5).Warning!;

        Assert.Contains("slower than float (2.500 ms against 1.250 ms)", warning, StringComparison.Ordinal);
        Assert.Contains("--target", warning, StringComparison.Ordinal);
        Assert.Null(new LatencyComparison(2.5, 1.25).Warning);
        Assert.Equal(2, new LatencyComparison(2.5, 1.25).Ratio);
    }
}
