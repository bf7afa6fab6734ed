using System.CommandLine;
using DistillSharp.Cli.Commands;

namespace DistillSharp.Cli;

/// <summary>The command line: what can be typed, and what comes back. 0 done, 1 failed, 2 wrong usage or recipe, 130 interrupted.</summary>
public static class CommandLine
{
    public const int Done = 0, Failed = 1, WrongUsage = 2, Interrupted = 130;

    public static int Run(string[] args)
    {
        var parsed = Build().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                Console.Error.WriteLine($"distill: {error.Message}");
            }

            Console.Error.WriteLine($"Try: distill {(parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ")}--help");
            return WrongUsage;
        }

        return parsed.Invoke(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static RootCommand Build() =>
        new("Knowledge distillation for .NET: a large teacher trains a small student, which leaves as one ONNX file.")
        {
            RunCommand.Build(),
            TrainCommand.Build(),
            ValCommand.Build(),
            PredictCommand.Build(),
            InfoCommand.Build(),
            ListCommand.Build(),
            ReportCommand.Build(),
            DoctorCommand.Build(),
            ProbeCommand.Build(),
        };
}
