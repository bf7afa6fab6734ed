using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DistillSharp.TestKit;

/// <summary>The built <c>distill</c> command as a child process: what a user types, reads and gets back.</summary>
public sealed class DistillCommand : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly Transcript _output = new(), _errors = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private DistillCommand(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => _output.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => _errors.Add(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _process.StandardInput.Close();
    }

    /// <summary>Where the command lies: copied beside the tests that reference it.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "distill.exe" : "distill");

    /// <summary>Runs the command to its end.</summary>
    /// <param name="arguments">What is typed after <c>distill</c>.</param>
    public static CommandResult Run(params string[] arguments) => RunIn(null, arguments);

    /// <summary>Runs a copy of the command to its end.</summary>
    /// <param name="program">The copy.</param>
    /// <param name="arguments">What is typed after <c>distill</c>.</param>
    public static CommandResult RunProgram(string program, params string[] arguments)
    {
        using var command = Start(null, arguments, [], program);
        return command.Wait();
    }

    /// <summary>Runs the command to its end in a folder.</summary>
    /// <param name="folder">The working folder; null for the tests' own.</param>
    /// <param name="arguments">What is typed after <c>distill</c>.</param>
    /// <param name="environment">Variables of this child alone.</param>
    public static CommandResult RunIn(string? folder, string[] arguments, params (string Name, string Value)[] environment)
    {
        using var command = Start(folder, arguments, environment);
        return command.Wait();
    }

    /// <summary>Starts the command.</summary>
    /// <param name="folder">The working folder; null for the tests' own.</param>
    /// <param name="arguments">What is typed after <c>distill</c>.</param>
    /// <param name="environment">Variables of this child alone.</param>
    public static DistillCommand Start(string? folder, string[] arguments, params (string Name, string Value)[] environment) => Start(folder, arguments, environment, Program);

    private static DistillCommand Start(string? folder, string[] arguments, (string Name, string Value)[] environment, string program)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What the tester's own machine holds must not decide what a test sees.
        start.Environment.Remove("DISTILLSHARP_DATA");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new(start);
    }

    /// <summary>Waits until a line of the output holds a text.</summary>
    /// <param name="text">The text.</param>
    public void WaitFor(string text)
    {
        while (!_output.Text.Contains(text, StringComparison.Ordinal))
        {
            if (_process.HasExited || _clock.Elapsed > s_limit)
            {
                throw new InvalidOperationException($"'{text}' was not printed. Output: {_output.Text}\nErrors: {_errors.Text}");
            }

            Thread.Sleep(5);
        }
    }

    /// <summary>Sends a signal.</summary>
    /// <param name="signal">Its number: 2 is SIGINT, 15 SIGTERM.</param>
    public void Signal(int signal)
    {
        if (Kill(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} could not be sent: the process has ended. Output: {_output.Text}");
        }
    }

    /// <summary>Waits for the end.</summary>
    public CommandResult Wait()
    {
        if (!_process.WaitForExit(s_limit))
        {
            throw new TimeoutException($"The command did not end. Output: {_output.Text}\nErrors: {_errors.Text}");
        }

        _process.WaitForExit();
        return new(_process.ExitCode, _output.Text, _errors.Text, _clock.Elapsed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    private sealed class Transcript
    {
        private readonly System.Text.StringBuilder _text = new();

        public string Text
        {
            get
            {
                lock (_text)
                {
                    return _text.ToString();
                }
            }
        }

        public void Add(string? line)
        {
            lock (_text)
            {
                _text.Append(line is null ? "" : line + "\n");
            }
        }
    }
}

/// <summary>What a command came to.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Errors">What it printed as errors.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record CommandResult(int ExitCode, string Output, string Errors, TimeSpan Elapsed)
{
    /// <summary>Fails unless the command ended as expected with a message that holds every part, and no stack trace.</summary>
    /// <param name="code">The exit code.</param>
    /// <param name="parts">What the message must say.</param>
    public CommandResult Refused(int code, params string[] parts)
    {
        Xunit.Assert.True(ExitCode == code, $"Exit code {ExitCode} instead of {code}.\n{Output}\n{Errors}");
        foreach (string part in parts)
        {
            Xunit.Assert.Contains(part, Errors, StringComparison.Ordinal);
        }

        Xunit.Assert.DoesNotContain("   at ", Errors, StringComparison.Ordinal);
        Xunit.Assert.DoesNotContain("System.", Errors, StringComparison.Ordinal);
        return this;
    }

    /// <summary>Fails unless the command was done.</summary>
    public CommandResult Done()
    {
        Xunit.Assert.True(ExitCode == 0, $"Exit code {ExitCode}.\n{Output}\n{Errors}");
        return this;
    }
}
