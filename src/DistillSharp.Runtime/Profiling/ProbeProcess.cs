using System.Diagnostics;
using System.Globalization;

namespace DistillSharp.Runtime.Profiling;

/// <summary>
/// Profiles models in processes of their own: one that times all of them by turns, and one for the memory of each, so that what is measured is the models' and not the trainer's.
/// </summary>
public static class ProbeProcess
{
    /// <summary>The timing's share of the whole; the rest is that of the processes that measure memory.</summary>
    private const double TimingShare = 0.8;

    /// <summary>The work of such a process: measures what its arguments ask for, and writes it as lines of JSON.</summary>
    /// <param name="arguments">What <see cref="Run"/> started the process with, after the program's own first arguments.</param>
    /// <param name="output">The process's output.</param>
    /// <param name="cancellation">Stops between predictions.</param>
    /// <exception cref="ArgumentException">The arguments are others.</exception>
    public static void Work(IReadOnlyList<string> arguments, TextWriter output, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(output);
        ProbeWork.Of(arguments).Do(output, cancellation);
    }

    /// <summary>Starts the processes and reads what they measured.</summary>
    /// <param name="command">The program and its first arguments; further ones follow. It must do <see cref="Work"/> with those.</param>
    /// <param name="plan">What is measured.</param>
    /// <param name="threads">Threads, 0 for one a core.</param>
    /// <param name="progress">Told what share is done, 0 to 1.</param>
    /// <param name="cancellation">Ends the process that is running.</param>
    /// <returns>What was measured of each of the plan's subjects, in their order.</returns>
    /// <exception cref="InvalidOperationException">A process failed.</exception>
    public static IReadOnlyList<ProbedModel> Run(IReadOnlyList<string> command, ProfilePlan plan, int threads, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Subjects.Count == 0)
        {
            return [];
        }

        var timing = new ProbeWork(ProbeWork.Times, threads, plan.LatencyBatch, plan.Batch, [.. plan.Subjects.Select(subject => subject.Path)]);
        var answers = Answers(command, timing, share => progress?.Report(TimingShare * share), cancellation);
        var probed = new List<ProbedModel>();
        for (int i = 0; i < plan.Subjects.Count; i++)
        {
            if (answers[i] is { Profile: { } profile })
            {
                var memory = Answers(command, timing with { Kind = ProbeWork.Memory, Paths = [plan.Subjects[i].Path] }, _ => { }, cancellation);
                probed.Add(new(profile with { PeakMemory = memory[0].PeakMemory }, memory[0].Error));
            }
            else
            {
                probed.Add(new(null, answers[i].Error));
            }

            progress?.Report(TimingShare + ((1 - TimingShare) * (i + 1) / plan.Subjects.Count));
        }

        return probed;
    }

    /// <summary>The largest resident memory this process has had, bytes.</summary>
    /// <returns>Bytes.</returns>
    public static long PeakMemory()
    {
        const string status = "/proc/self/status";
        if (File.Exists(status) && File.ReadLines(status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line)
        {
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
        }

        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }

    private static ProbeAnswer[] Answers(IReadOnlyList<string> command, ProbeWork work, Action<double> share, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), .. work.ToArguments()]) { RedirectStandardOutput = true, RedirectStandardError = true };
        cancellation.ThrowIfCancellationRequested();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{command[0]}' did not start.");
        using var stop = cancellation.Register(process.Kill);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var answers = new ProbeAnswer?[work.Paths.Count];
        while (process.StandardOutput.ReadLine() is { } line)
        {
            var answer = ProbeAnswer.Of(line);
            if (answer?.Share is { } done)
            {
                share(done);
            }
            else if (answer is not null && answer.Model >= 0 && answer.Model < answers.Length)
            {
                answers[answer.Model] = answer;
            }
        }

        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode == 0 && Array.TrueForAll(answers, answer => answer is { Profile: not null } or { PeakMemory: not null } or { Error: not null })
            ? [.. answers.OfType<ProbeAnswer>()]
            : throw new InvalidOperationException($"The process that profiles {string.Join(", ", work.Paths.Select(path => $"'{path}'"))} ended with {process.ExitCode}{(process.ExitCode == 0 ? " but gave no profile" : "")}: {errors.Result.Trim()}");
    }
}

/// <summary>What was measured of a model.</summary>
/// <param name="Profile">Its profile; null where it cannot be run.</param>
/// <param name="Error">Why it, or its memory, was not measured; null where all was.</param>
public sealed record ProbedModel(ModelProfile? Profile, string? Error);
