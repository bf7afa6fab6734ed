using System.Text.RegularExpressions;
using DistillSharp.TestKit;

namespace EndToEnd.Tests;

public class InterruptTests(LongRun run)
{
    private const int Interrupt = 2, Terminate = 15;
    private static readonly string[] s_stages = ["teacher", "control", "distilled"];

    [Theory]
    [InlineData(Interrupt, "distilled")]
    [InlineData(Terminate, "teacher")]
    public void A_signal_stops_cleanly_and_the_printed_command_finishes_as_if_nothing_had_happened(int signal, string stage)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "This test needs signals: run it on Linux or macOS.");
        Assert.SkipWhen(signal == Interrupt && IgnoresInterrupts(), "The process that started the tests ignores SIGINT, and so does every child. Start the tests in the foreground.");
        using var folder = new TemporaryFolder();
        using var command = DistillCommand.Start(folder.Path, ["run", run.Recipe, "--out", "run"]);
        command.WaitFor($"{stage} (seed 0): epoch 1/");
        command.Signal(signal);
        var stopped = command.Wait().Refused(130, "distill: stopping after this step", "distill: interrupted. Go on with: distill run --resume run\n");
        Assert.DoesNotContain("epoch 40/40", stopped.Output.Split(stage)[^1], StringComparison.Ordinal);
        Assert.False(File.Exists(folder["run/report.json"]));
        Assert.Empty(Directory.GetFiles(folder.Path, "*.tmp", SearchOption.AllDirectories));

        string[] printed = Regex.Match(stopped.Errors, "Go on with: distill (.+)").Groups[1].Value.Split(' ');
        DistillCommand.RunIn(folder.Path, printed).Done();
        foreach (string file in s_stages.SelectMany(name => new[] { $"seed-0/{name}/weights/best.onnx", $"seed-0/{name}/weights/last.onnx" }))
        {
            Assert.True(File.ReadAllBytes(Path.Combine(run.Whole, file)).AsSpan().SequenceEqual(File.ReadAllBytes(folder["run", file])), $"{file} differs from the uninterrupted run's.");
        }

        Assert.All(s_stages, name => Assert.Equal(Curve(run.Whole, name), Curve(folder["run"], name)));
    }

    /// <summary>A curve without what a clock says.</summary>
    private static string[] Curve(string folder, string stage)
    {
        string[][] rows = [.. File.ReadAllLines(Path.Combine(folder, "seed-0", stage, "results.csv")).Select(line => line.Split(','))];
        int[] kept = [.. Enumerable.Range(0, rows[0].Length).Where(i => !rows[0][i].Contains("second", StringComparison.Ordinal))];
        return [.. rows.Select(row => string.Join(',', kept.Select(i => row[i])))];
    }

    private static bool IgnoresInterrupts()
    {
        const string status = "/proc/self/status";
        string? mask = File.Exists(status) ? File.ReadLines(status).FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) : null;
        return mask is not null && (Convert.ToUInt64(mask[7..].Trim(), 16) & (1UL << (Interrupt - 1))) != 0;
    }
}
