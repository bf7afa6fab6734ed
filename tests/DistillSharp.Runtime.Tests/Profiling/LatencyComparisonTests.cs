using DistillSharp.Runtime.Profiling;

namespace DistillSharp.Runtime.Tests.Profiling;

public sealed class LatencyComparisonTests
{
    [Fact]
    public void A_slower_second_model_is_warned_of_with_both_times()
    {
        string warning = new LatencyComparison(1.25, 2.5, new(0.5, 0.48, 0.52, 30)).Warning!;

        Assert.Contains("slower than float (2.500 ms against 1.250 ms, 0.50 (0.48 to 0.52) times as fast)", warning, StringComparison.Ordinal);
        Assert.Contains("--target", warning, StringComparison.Ordinal);
        Assert.Null(new LatencyComparison(2.5, 1.25, new(2, 1.9, 2.1, 30)).Warning);
    }

    [Fact]
    public void A_model_that_may_be_as_fast_is_not_called_slower() => Assert.Null(new LatencyComparison(1.25, 1.26, new(0.99, 0.97, 1.01, 30)).Warning);
}
