using System.Diagnostics;

namespace DistillSharp.Runtime.Profiling;

/// <summary>Times a model: latency at batch 1, throughput at batch 32, on pictures of noise; a model of one fixed batch is timed at that.</summary>
public static class LatencyProbe
{
    private const int WarmUps = 10, LeastRuns = 50, MostRuns = 2000, ThroughputBatch = 32;
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(1);

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
        for (int i = 0; i < WarmUps; i++)
        {
            session.Run(input, shape);
        }

        var times = new List<double>();
        var total = Stopwatch.StartNew();
        while (times.Count < LeastRuns || (total.Elapsed < s_budget && times.Count < MostRuns))
        {
            var clock = Stopwatch.StartNew();
            session.Run(input, shape);
            times.Add(clock.Elapsed.TotalMilliseconds);
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
