namespace DistillSharp.Runtime.Profiling;

/// <summary>
/// Times several runs by turns: in every round each has its turn, beginning with another one each time, so that whatever else the machine does disturbs all alike.
/// A run that takes long has fewer turns.
/// </summary>
/// <param name="clock">The clock.</param>
internal sealed class TurnTimer(TimeProvider clock)
{
    /// <summary>The rounds of a measurement.</summary>
    public const int Rounds = 10;

    private const int WarmUps = 10, LeastRuns = 50 / Rounds, MostRuns = 2000 / Rounds;

    /// <summary>For how long a run is warmed up at most; its turns take as long together, and up to the patience where it has not been run the least number of times.</summary>
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(1), s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Times the runs. Each is run once at least, after one at least that is not counted.</summary>
    /// <param name="runs">What is timed.</param>
    /// <param name="progress">Told the turns that are done, of <see cref="Rounds"/> for each run.</param>
    /// <param name="cancellation">Stops between runs.</param>
    /// <returns>The times of each, milliseconds.</returns>
    public IReadOnlyList<IReadOnlyList<double>> Time(IReadOnlyList<Action> runs, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        foreach (var run in runs)
        {
            long start = clock.GetTimestamp();
            for (int i = 0; i == 0 || (i < WarmUps && clock.GetElapsedTime(start) < s_budget); i++)
            {
                cancellation.ThrowIfCancellationRequested();
                run();
            }
        }

        List<double>[] times = [.. runs.Select(_ => new List<double>())];
        var spent = new TimeSpan[runs.Count];
        for (int turn = 0; turn < Rounds * runs.Count; turn++)
        {
            int one = ((turn / runs.Count) + turn) % runs.Count;
            if (spent[one] < s_patience)
            {
                spent[one] += Turn(runs[one], times[one], cancellation);
            }

            progress?.Report(turn + 1);
        }

        return times;
    }

    private TimeSpan Turn(Action run, List<double> times, CancellationToken cancellation)
    {
        long start = clock.GetTimestamp();
        int done = 0;
        while (done == 0 || clock.GetElapsedTime(start) < (done < LeastRuns ? s_patience / Rounds : done < MostRuns ? s_budget / Rounds : TimeSpan.Zero))
        {
            cancellation.ThrowIfCancellationRequested();
            long before = clock.GetTimestamp();
            run();
            times.Add(clock.GetElapsedTime(before).TotalMilliseconds);
            done++;
        }

        return clock.GetElapsedTime(start);
    }
}
