namespace DistillSharp.Runtime.Profiling;

/// <summary>Times a model: latency at batch 1, throughput at batch 32, on pictures of noise; a model of one fixed batch is timed at that.</summary>
public static class LatencyProbe
{
    private const int WarmUps = 10, LeastRuns = 50, MostRuns = 2000, ThroughputBatch = 32;

    /// <summary>How long is waited for more runs than the least, and for the least: a batch of a large detector takes many seconds on a small machine.</summary>
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(1), s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Times a model.</summary>
    /// <param name="session">The model; free sizes of its input are taken from its card.</param>
    /// <returns>The profile, without memory.</returns>
    public static ModelProfile Measure(ModelSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var single = Time(session, session.InputShape[0] ?? 1);
        double perBatch = Distribution.Quantile(Time(session, session.InputShape[0] ?? ThroughputBatch), 0.5);
        return new(session.Threads, Distribution.Quantile(single, 0.5), Distribution.Quantile(single, 0.95), (session.InputShape[0] ?? ThroughputBatch) * 1000 / perBatch, PeakMemory: null);
    }

    private static List<double> Time(ModelSession session, int batch)
    {
        var (input, shape) = Noise(session, batch);
        return Time(() => session.Run(input, shape), TimeProvider.System);
    }

    /// <summary>Times a run over and over: once at least, after one at least that is not counted.</summary>
    /// <returns>Milliseconds.</returns>
    internal static List<double> Time(Action run, TimeProvider clock)
    {
        long start = clock.GetTimestamp();
        for (int i = 0; i == 0 || (i < WarmUps && clock.GetElapsedTime(start) < s_budget); i++)
        {
            run();
        }

        var times = new List<double>();
        start = clock.GetTimestamp();
        while (times.Count == 0 || clock.GetElapsedTime(start) < (times.Count < LeastRuns ? s_patience : times.Count < MostRuns ? s_budget : TimeSpan.Zero))
        {
            long before = clock.GetTimestamp();
            run();
            times.Add(clock.GetElapsedTime(before).TotalMilliseconds);
        }

        return times;
    }

    /// <summary>A batch of noise that fits a model.</summary>
    internal static (float[] Input, long[] Shape) Noise(ModelSession session, int batch)
    {
        long[] shape = [batch, .. Enumerable.Range(1, session.InputShape.Count - 1).Select(axis => (long)SizeOf(session, axis))];
        return (Noise(shape.Aggregate((product, size) => product * size)), shape);
    }

    private static int SizeOf(ModelSession session, int axis) =>
        session.InputShape[axis] ?? (session.Card, axis) switch
        {
            ({ } card, 1) => card.Input.Channels,
            ({ } card, 2) => card.Input.Height,
            ({ } card, 3) => card.Input.Width,
            _ => throw new DistillSharp.Graph.GraphException($"The size of axis {axis} of the input '{session.InputName}' is free and the model carries no card that says it."),
        };

    private static float[] Noise(long count)
    {
        var random = new DistillSharp.Tasks.Data.SampleRandom(0, 0, 0);
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        return values;
    }
}
