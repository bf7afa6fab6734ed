namespace DistillSharp.Runtime.Profiling;

/// <summary>Times models by turns: latency of small batches and throughput of large ones, on images of noise.</summary>
public static class LatencyProbe
{
    /// <summary>Times a model: latency at batch 1 and throughput at batch 32; a file that fixes its batch is timed at that.</summary>
    /// <param name="session">The model; free sizes of its input are taken from its card.</param>
    /// <returns>The profile, without memory.</returns>
    public static ModelProfile Measure(ModelSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Measure([session], session.FixedBatchSize ?? ProfilePlan.SingleImage, session.FixedBatchSize ?? ProfilePlan.LargeBatch)[0];
    }

    /// <summary>Times models in one window of time, by turns.</summary>
    /// <param name="sessions">The models.</param>
    /// <param name="latencyBatch">Images in a prediction whose latency is measured.</param>
    /// <param name="batch">Images in a batch whose throughput is measured.</param>
    /// <param name="progress">Told what share of the measurement is done, 0 to 1.</param>
    /// <param name="cancellation">Stops between predictions.</param>
    /// <returns>A profile for each, without memory.</returns>
    public static IReadOnlyList<ModelProfile> Measure(IReadOnlyList<ModelSession> sessions, int latencyBatch, int batch, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        var timer = new TurnTimer(TimeProvider.System);
        int[] batches = [.. new[] { latencyBatch, batch }.Distinct()];
        double turns = TurnTimer.Rounds * sessions.Count * batches.Length;
        var times = batches.Select((size, i) => timer.Time([.. sessions.Select(session => Prediction(session, size))], new Turns(progress, i * TurnTimer.Rounds * sessions.Count, turns), cancellation)).ToList();
        return [.. sessions.Select((session, i) => new ModelProfile(
            session.Threads,
            Distribution.Quantile(times[0][i], 0.5),
            Distribution.Quantile(times[0][i], 0.95),
            batch * 1000 / Distribution.Quantile(times[^1][i], 0.5),
            PeakMemory: null)
        {
            LatencyBatch = latencyBatch,
            Batch = batch,
        })];
    }

    /// <summary>Opens a model and tries it at the batches that it is to be measured with.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="threads">Threads, 0 for one a core.</param>
    /// <param name="batches">The batches.</param>
    /// <returns>The session; null, with the reason, where it cannot be measured.</returns>
    public static (ModelSession? Session, string? Error) Open(string path, int threads, params IReadOnlyList<int> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ModelSession? session = null;
        try
        {
            session = ModelSession.Open(path, new() { Threads = threads });
            foreach (int batch in batches)
            {
                Prediction(session, batch)();
            }

            return (session, null);
        }
        catch (Exception error) when (error is DistillSharp.Graph.GraphException or IOException or UnauthorizedAccessException or DistillSharp.Tasks.Data.DataException)
        {
            session?.Dispose();
            return (null, error.Message);
        }
    }

    /// <summary>A prediction of a batch of noise.</summary>
    internal static Action Prediction(ModelSession session, int batch)
    {
        var (input, shape) = Noise(session, batch);
        return () => session.Run(input, shape);
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

    private sealed class Turns(IProgress<double>? progress, int before, double all) : IProgress<int>
    {
        public void Report(int value) => progress?.Report((before + value) / all);
    }
}
