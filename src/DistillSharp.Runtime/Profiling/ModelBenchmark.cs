using DistillSharp.Graph;

namespace DistillSharp.Runtime.Profiling;

/// <summary>
/// Compares models on this machine. Every round gives each model its turn, beginning with another one each time, so that whatever else the machine does hits
/// all alike; the ratio to the first is taken within rounds.
/// </summary>
public static class ModelBenchmark
{
    /// <summary>Measures models.</summary>
    /// <param name="paths">The ONNX files, 1 or more; ratios are to the first.</param>
    /// <param name="options">How.</param>
    /// <param name="startCommand">The program and all arguments that do <see cref="ColdStartProbe.Work"/> for a file; null leaves cold start and memory out.</param>
    /// <param name="progress">Told what is done next.</param>
    /// <param name="cancellation">Stops between predictions.</param>
    /// <returns>The report.</returns>
    /// <exception cref="GraphException">Models cannot be opened; all are named, before anything is measured.</exception>
    public static BenchmarkReport Run(
        IReadOnlyList<string> paths,
        BenchmarkOptions options,
        Func<string, IReadOnlyList<string>>? startCommand = null,
        IProgress<string>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(paths.Count, nameof(paths));
        var subjects = Open(paths, options);
        try
        {
            foreach (var subject in subjects)
            {
                for (int i = 0; i < options.WarmUps; i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    subject.Run();
                }
            }

            // Times[model][round]: the predictions of one turn.
            double[][][] times = [.. subjects.Select(_ => new double[options.Rounds][])];
            for (int round = 0; round < options.Rounds; round++)
            {
                progress?.Report($"round {round + 1} of {options.Rounds}");
                for (int turn = 0; turn < subjects.Count; turn++)
                {
                    int model = (round + turn) % subjects.Count;
                    times[model][round] = Turn(subjects[model], options.Runs, cancellation);
                }
            }

            var starts = Starts(subjects, options, startCommand, progress, cancellation);
            double[][] medians = [.. times.Select(rounds => rounds.Select(turn => Distribution.Quantile(turn, 0.5)).ToArray())];
            var results = subjects.Select((subject, model) => Result(subject, [.. times[model].SelectMany(turn => turn)], starts[model], model == 0 ? null : Distribution.Ratio(medians[model], medians[0])));
            return new([.. results], options.Rounds, options.Runs, options.WarmUps, startCommand is null ? 0 : options.Starts, Environment.ProcessorCount);
        }
        finally
        {
            subjects.ForEach(subject => subject.Dispose());
        }
    }

    private static List<BenchmarkSubject> Open(IReadOnlyList<string> paths, BenchmarkOptions options)
    {
        var subjects = new List<BenchmarkSubject>();
        var problems = new List<Exception>();
        foreach (string path in paths)
        {
            try
            {
                subjects.Add(BenchmarkSubject.Open(path, options));
            }
            catch (Exception error) when (error is GraphException or IOException or UnauthorizedAccessException or Tasks.Data.DataException)
            {
                problems.Add(error is Tasks.Data.DataException ? new GraphException($"'{path}': {error.Message}", error) : error);
            }
        }

        if (problems.Count == 0)
        {
            return subjects;
        }

        subjects.ForEach(subject => subject.Dispose());
        throw new GraphException($"{string.Join('\n', problems.Select(problem => problem.Message))}\nNothing was measured: correct the path, export or copy the file again, or leave it out.", problems[0]);
    }

    private static double[] Turn(BenchmarkSubject subject, int runs, CancellationToken cancellation)
    {
        double[] times = new double[runs];
        foreach (ref double time in times.AsSpan())
        {
            cancellation.ThrowIfCancellationRequested();
            time = subject.Run();
        }

        return times;
    }

    private static List<(double Milliseconds, long PeakMemory)>[] Starts(
        List<BenchmarkSubject> subjects,
        BenchmarkOptions options,
        Func<string, IReadOnlyList<string>>? command,
        IProgress<string>? progress,
        CancellationToken cancellation)
    {
        List<(double, long)>[] starts = [.. subjects.Select(_ => new List<(double, long)>())];
        for (int start = 0; command is not null && start < options.Starts; start++)
        {
            progress?.Report($"process start {start + 1} of {options.Starts}");
            for (int turn = 0; turn < subjects.Count; turn++)
            {
                cancellation.ThrowIfCancellationRequested();
                int model = (start + turn) % subjects.Count;
                starts[model].Add(ColdStartProbe.Run(command(subjects[model].Path)));
            }
        }

        return starts;
    }

    private static BenchmarkResult Result(BenchmarkSubject subject, double[] times, List<(double Milliseconds, long PeakMemory)> starts, PairedRatio? ratio) =>
        new(
            subject.Path,
            subject.Inputs,
            subject.Batch,
            subject.Threads,
            subject.FileLength,
            Distribution.Quantile(times, 0.5),
            Distribution.Quantile(times, 0.95),
            Distribution.Quantile(times, 0.99),
            subject.Batch * times.Length * 1000.0 / times.Sum(),
            starts.Count > 0 ? Distribution.Quantile([.. starts.Select(start => start.Milliseconds)], 0.5) : null,
            starts.Count > 0 ? (long)Distribution.Quantile([.. starts.Select(start => (double)start.PeakMemory)], 0.5) : null,
            ratio,
            times.Length);
}
