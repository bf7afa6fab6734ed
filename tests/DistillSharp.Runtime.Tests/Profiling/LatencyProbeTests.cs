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

    [Fact]
    public void Models_are_timed_at_the_batches_asked_for_and_the_profile_names_them()
    {
        using ModelSession one = SmallModel.Session(SmallModel.Card), two = SmallModel.Session(SmallModel.Card);
        var told = new List<double>();

        var profiles = LatencyProbe.Measure([one, two], 2, 8, new Told(told), TestContext.Current.CancellationToken);

        Assert.Equal([(2, 8), (2, 8)], profiles.Select(profile => (profile.LatencyBatch, profile.Batch)));
        Assert.Equal(40, told.Count);
        Assert.Equal(told.Order(), told);
        Assert.Equal(1, told[^1]);
    }

    private sealed class Told(List<double> values) : IProgress<double>
    {
        public void Report(double value) => values.Add(value);
    }
}
