using System.Globalization;

namespace DistillSharp.Runtime.Profiling;

/// <summary>What a probing process is started for.</summary>
/// <param name="Kind"><see cref="Times"/> or <see cref="Memory"/>.</param>
/// <param name="Threads">Threads, 0 for one a core.</param>
/// <param name="LatencyBatch">Images in a prediction whose latency is measured.</param>
/// <param name="Batch">Images in a batch whose throughput and memory are measured.</param>
/// <param name="Paths">The models.</param>
internal sealed record ProbeWork(string Kind, int Threads, int LatencyBatch, int Batch, IReadOnlyList<string> Paths)
{
    /// <summary>Times the models by turns.</summary>
    public const string Times = "times";

    /// <summary>Runs the one model and reports this process's memory.</summary>
    public const string Memory = "memory";

    /// <summary>Batches after which the memory is read: the first shows ONNX Runtime how large its pool must be, the second runs in it.</summary>
    private const int MemoryRuns = 2;

    /// <summary>The arguments that mean this work.</summary>
    public IReadOnlyList<string> ToArguments() => [Kind, Text(Threads), Text(LatencyBatch), Text(Batch), .. Paths];

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">They mean no work.</exception>
    public static ProbeWork Of(IReadOnlyList<string> arguments)
    {
        static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
        return arguments is [Times or Memory, var threads, var single, var batch, _, ..] && (Number(threads), Number(single), Number(batch)) is ({ } count, > 0 and { } small, > 0 and { } large)
            ? new(arguments[0], count, small, large, [.. arguments.Skip(4)])
            : throw new ArgumentException($"A probe takes 'times' or 'memory', the threads, two batch sizes and the models, but was given: {string.Join(' ', arguments)}");
    }

    /// <summary>Does it.</summary>
    /// <param name="output">Where progress and answers are written, a line each.</param>
    /// <param name="cancellation">Stops between predictions.</param>
    public void Do(TextWriter output, CancellationToken cancellation)
    {
        var sessions = new List<(int Model, ModelSession Session)>();
        try
        {
            for (int i = 0; i < Paths.Count; i++)
            {
                if (Open(i, output) is { } session)
                {
                    sessions.Add((i, session));
                }
            }

            if (Kind == Memory)
            {
                sessions.ForEach(one => Write(output, new() { Model = one.Model, PeakMemory = ProbeProcess.PeakMemory() }));
                return;
            }

            var profiles = LatencyProbe.Measure([.. sessions.Select(one => one.Session)], LatencyBatch, Batch, new Shares(output), cancellation);
            foreach (var ((model, _), profile) in sessions.Zip(profiles))
            {
                Write(output, new() { Model = model, Profile = profile });
            }
        }
        finally
        {
            sessions.ForEach(one => one.Session.Dispose());
        }
    }

    /// <summary>Opens a model and tries it; null where that fails, which is told.</summary>
    private ModelSession? Open(int model, TextWriter output)
    {
        var (session, error) = LatencyProbe.Open(Paths[model], Threads, Kind == Times ? [LatencyBatch, Batch] : [.. Enumerable.Repeat(Batch, MemoryRuns)]);
        if (error is not null)
        {
            Write(output, new() { Model = model, Error = error });
        }

        return session;
    }

    private static void Write(TextWriter output, ProbeAnswer answer)
    {
        output.WriteLine(answer.ToLine());
        output.Flush();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class Shares(TextWriter output) : IProgress<double>
    {
        public void Report(double value) => Write(output, new() { Share = value });
    }
}
