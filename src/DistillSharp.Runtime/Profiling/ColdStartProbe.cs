using System.Diagnostics;
using System.Globalization;

namespace DistillSharp.Runtime.Profiling;

/// <summary>Measures what only a process of its own shows: the time from its start to the first prediction, and its largest resident memory.</summary>
public static class ColdStartProbe
{
    private const string First = "first", Peak = "peak ";

    /// <summary>The work of the process: predicts once, says so, predicts on, says its memory.</summary>
    /// <param name="path">The model.</param>
    /// <param name="options">Batch, picture size, threads; the runs of a round are predicted after the first.</param>
    /// <param name="output">Where it says it: the process's output.</param>
    public static void Work(string path, BenchmarkOptions options, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        using var subject = BenchmarkSubject.Open(path, options);
        subject.Run();
        output.WriteLine(First);
        output.Flush();
        for (int i = 0; i < options.Runs; i++)
        {
            subject.Run();
        }

        output.WriteLine(Peak + ProbeProcess.PeakMemory().ToString(CultureInfo.InvariantCulture));
        output.Flush();
    }

    /// <summary>Starts the process and measures it.</summary>
    /// <param name="command">The program and all its arguments; it must do <see cref="Work"/>.</param>
    /// <returns>Milliseconds from the start to the first prediction, and bytes.</returns>
    /// <exception cref="InvalidOperationException">The process failed.</exception>
    public static (double Milliseconds, long PeakMemory) Run(IReadOnlyList<string> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        long began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{command[0]}' did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        double? first = null;
        long? peak = null;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            first ??= line == First ? Stopwatch.GetElapsedTime(began).TotalMilliseconds : null;
            peak = line.StartsWith(Peak, StringComparison.Ordinal) && long.TryParse(line.AsSpan(Peak.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : peak;
        }

        process.WaitForExit();
        return process.ExitCode == 0 && first is { } time && peak is { } memory
            ? (time, memory)
            : throw new InvalidOperationException($"The process '{string.Join(' ', command)}' ended with {process.ExitCode}{(process.ExitCode == 0 ? " but said no measurement" : "")}: {errors.Result.Trim()}");
    }
}
