using DistillSharp.Runtime.Profiling;

namespace DistillSharp.Runtime.Tests.Profiling;

public sealed class TurnTimerTests
{
    private readonly HandClock _clock = new();

    [Theory]
    [InlineData(20_000, 1, 1)]
    [InlineData(3_000, 1, 4)]
    [InlineData(100, 10, 50)]
    [InlineData(1, 10, 1000)]
    [InlineData(0, 10, 2000)]
    public void A_slow_model_is_run_less_often(int milliseconds, int warmUps, int counted)
    {
        int runs = 0;

        var times = new TurnTimer(_clock).Time([() => { runs++; _clock.Now += milliseconds; }], cancellation: TestContext.Current.CancellationToken)[0];

        Assert.Equal((warmUps, counted), (runs - times.Count, times.Count));
        Assert.All(times, time => Assert.Equal(milliseconds, time));
    }

    [Fact]
    public void Models_take_turns_and_another_begins_each_round()
    {
        var order = new List<char>();
        Action Model(char name) => () =>
        {
            order.Add(name);
            _clock.Now += 100;
        };
        var told = new List<int>();

        var times = new TurnTimer(_clock).Time([Model('a'), Model('b'), Model('c')], new Told(told), TestContext.Current.CancellationToken);

        // Ten runs warm each up; then a turn is five runs of 100 ms.
        string turns = string.Concat(order.Skip(30).Chunk(5).Select(turn => turn.Distinct().Single()));
        Assert.Equal("abcbcacababcbcacababcbcacababc", turns);
        Assert.All(times, one => Assert.Equal(50, one.Count));
        Assert.Equal(Enumerable.Range(1, 30), told);
    }

    [Fact]
    public void A_model_that_takes_all_its_time_at_once_leaves_the_others_their_turns()
    {
        var times = new TurnTimer(_clock).Time([() => _clock.Now += 20_000, () => _clock.Now += 10], cancellation: TestContext.Current.CancellationToken);

        Assert.Equal((1, 100), (times[0].Count, times[1].Count));
    }

    /// <summary>A clock that stands until it is moved, in milliseconds.</summary>
    private sealed class HandClock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Now;
    }

    private sealed class Told(List<int> values) : IProgress<int>
    {
        public void Report(int value) => values.Add(value);
    }
}
