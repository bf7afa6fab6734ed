using System.Diagnostics;
using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests;

/// <summary>ONNX Runtime's own telemetry is off: nothing is written to the user's folder, and no name server is asked.</summary>
public class TelemetryTests
{
    /// <summary>Each of these turns ONNX Runtime's telemetry off by itself, so that a test would see nothing.</summary>
    private static readonly string[] s_silencing =
        ["ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "CI", "TF_BUILD", "GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "TRAVIS", "JENKINS_URL", "CODEBUILD_BUILD_ID", "BUILDKITE", "TEAMCITY_VERSION", "APPVEYOR", "BITBUCKET_BUILD_NUMBER", "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI"];

    /// <summary>A network without a way out: what the control sends must not leave the machine.</summary>
    private static readonly string[] s_alone = ["unshare", "--map-root-user", "--net"];

    [Theory]
    [InlineData("doctor")]
    [InlineData("bench MODEL --warmup 0 --runs 2 --rounds 2 --starts 1")]
    [InlineData("convert MODEL --float16 --out HALF")]
    public void No_file_is_written_to_the_users_folder(string command)
    {
        using var folder = new TemporaryFolder();
        Run(folder, [], command, "");
        Assert.Empty(Written(folder));
    }

    [Fact]
    public void Files_appear_where_the_user_turns_it_on()
    {
        RequireAlone();
        using var folder = new TemporaryFolder();
        Run(folder, s_alone, "doctor", "0");
        Assert.Contains(Written(folder), path => path.Contains("onnxruntime", StringComparison.Ordinal));
    }

    [Fact]
    public void No_name_server_is_asked()
    {
        RequireAlone();
        Assert.SkipUnless(Works(["strace", "-V"]), "strace is not installed: nothing shows the sockets that a process opens.");
        using var control = new TemporaryFolder();
        using var folder = new TemporaryFolder();

        // The control says how long it takes until a socket is opened; then twice that time without one is an answer.
        var clock = Stopwatch.StartNew();
        Assert.True(OpensSocket(control, "0", TimeSpan.FromMinutes(2)), "With telemetry on no socket was opened, so that its absence would prove nothing.");
        Assert.False(OpensSocket(folder, "", 2 * clock.Elapsed));
    }

    /// <summary>Runs models for a while in a network without a way out, and looks whether the process opens a socket to the internet.</summary>
    private static bool OpensSocket(TemporaryFolder folder, string disable, TimeSpan limit)
    {
        string trace = folder["trace.txt"];
        using var process = Start(folder, [.. s_alone, "strace", "-f", "-qq", "-o", trace, "-e", "trace=socket"], "bench MODEL --warmup 0 --runs 1000000 --rounds 1000 --starts 0 --threads 1", disable);
        try
        {
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed < limit && !process.HasExited)
            {
                Thread.Sleep(100);
                if (File.Exists(trace) && Read(trace).Contains("AF_INET", StringComparison.Ordinal))
                {
                    return true;
                }
            }

            Assert.False(process.HasExited, "The command ended early.");
            return false;
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }

    private static string Read(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private static void Run(TemporaryFolder folder, string[] wrapper, string command, string disable)
    {
        using var process = Start(folder, wrapper, command, disable);
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(3)), $"'{command}' did not end.");
        Assert.Equal(0, process.ExitCode);
    }

    private static Process Start(TemporaryFolder folder, string[] wrapper, string command, string disable)
    {
        string[] arguments = [.. command.Split(' ').Select(word => word switch { "MODEL" => TinyModel.Save(folder), "HALF" => folder["half.onnx"], _ => word })];
        string[] line = [.. wrapper, DistillCommand.Program, .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in s_silencing)
        {
            start.Environment.Remove(name);
        }

        if (disable.Length > 0)
        {
            start.Environment["ORT_DISABLE_TELEMETRY"] = disable;
        }

        start.Environment.Remove("XDG_CACHE_HOME");
        start.Environment["HOME"] = Directory.CreateDirectory(folder["home"]).FullName;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>The files in the user's folder that are not ours.</summary>
    private static IReadOnlyList<string> Written(TemporaryFolder folder) =>
        [.. Directory.EnumerateFiles(folder["home"], "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Where(path => !path.Contains(Path.Combine(".local", "share", "distillsharp"), StringComparison.Ordinal))];

    private static void RequireAlone() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && Works([.. s_alone, "true"]), "This system makes no network without a way out, and the control must not send anything.");

    private static bool Works(string[] line)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
