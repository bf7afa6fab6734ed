using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace DistillSharp.Runtime.Profiling;

/// <summary>Profiles a model in a process of its own, so that peak memory is the model's and not the trainer's.</summary>
public static class ProbeProcess
{
    /// <summary>The work of the process: opens the model, times it, and says it as one line of JSON.</summary>
    /// <param name="path">The model.</param>
    /// <param name="threads">Threads, 0 for one a core.</param>
    /// <returns>The profile as JSON.</returns>
    public static string Work(string path, int threads)
    {
        using var session = ModelSession.Open(path, new() { Threads = threads });
        var profile = LatencyProbe.Measure(session) with { PeakMemory = PeakMemory() };
        return JsonSerializer.Serialize(profile, ModelProfileJson.Default.ModelProfile);
    }

    /// <summary>Starts the process and reads its line.</summary>
    /// <param name="command">The program and its first arguments; the model and the threads follow. It must print what <see cref="Work"/> returns.</param>
    /// <param name="path">The model.</param>
    /// <param name="threads">Threads, 0 for one a core.</param>
    /// <returns>The profile.</returns>
    /// <exception cref="InvalidOperationException">The process failed.</exception>
    public static ModelProfile Run(IReadOnlyList<string> command, string path, int threads)
    {
        ArgumentNullException.ThrowIfNull(command);
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), path, threads.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{command[0]}' did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string? line = output.Split('\n').LastOrDefault(line => line.StartsWith('{'));
        return process.ExitCode == 0 && line is not null && Parse(line) is { } profile
            ? profile
            : throw new InvalidOperationException($"The process that profiles '{path}' ended with {process.ExitCode}{(process.ExitCode == 0 ? " but said no profile" : "")}: {errors.Result.Trim()}");
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

    private static ModelProfile? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ModelProfileJson.Default.ModelProfile);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
