using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Runtime.Profiling;

namespace DistillSharp.Runtime.Tests.Profiling;

public sealed class LatencyProbeTests
{
    [Fact]
    public void Numbers_are_above_zero_and_in_order()
    {
        using var session = ModelSession.Open(OnnxFile.Serialize(SmallModel.ResNet()), new() { Threads = 1 });

        var profile = LatencyProbe.Measure(session);

        Assert.True(profile.LatencyP50 > 0);
        Assert.True(profile.LatencyP50 <= profile.LatencyP95);
        Assert.True(profile.Throughput > 0);
        Assert.Equal(1, profile.Threads);
        Assert.Null(profile.PeakMemory);
    }

    [Fact]
    public void A_model_of_one_fixed_batch_is_timed_at_it()
    {
        var graph = SmallModel.Graph(null);
        graph.Inputs[0] = graph.Inputs[0] with { Shape = [4, 1, 2, 2] };
        graph.Outputs[0] = graph.Outputs[0] with { Shape = [4, 2] };
        graph.KnownValues.Clear();
        using var session = ModelSession.Open(OnnxFile.Serialize(graph), new() { Threads = 1 });

        Assert.True(LatencyProbe.Measure(session).LatencyP50 > 0);
    }

    [Fact]
    public void A_free_size_that_no_card_says_is_named()
    {
        var graph = SmallModel.Graph(null);
        graph.Inputs[0] = graph.Inputs[0] with { Shape = [Dimension.Named("batch"), 1, Dimension.Named("rows"), 2] };
        graph.KnownValues.Clear();
        using var session = ModelSession.Open(OnnxFile.Serialize(graph), new() { Threads = 1 });

        var error = Assert.Throws<GraphException>(() => LatencyProbe.Measure(session));
        Assert.Contains("axis 2 of the input 'input' is free", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20_000, 1, 1)]
    [InlineData(3_000, 1, 4)]
    [InlineData(100, 10, 50)]
    [InlineData(1, 10, 1000)]
    [InlineData(0, 10, 2000)]
    public void A_slow_model_is_run_less_often(int milliseconds, int warmUps, int counted)
    {
        var clock = new HandClock();
        int runs = 0;

        var times = LatencyProbe.Time(
            () =>
            {
                runs++;
                clock.Now += milliseconds;
            },
            clock);

        Assert.Equal((warmUps, counted), (runs - times.Count, times.Count));
        Assert.All(times, time => Assert.Equal(milliseconds, time));
    }

    /// <summary>A clock that stands until it is moved, in milliseconds.</summary>
    private sealed class HandClock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Now;
    }
}
