using System.CommandLine;
using DistillSharp.Cli.Commands;
using DistillSharp.Cli.Views;

namespace DistillSharp.Cli;

/// <summary>The command line: what can be typed, and what comes back. 0 done, 1 failed, 2 wrong usage or recipe, 130 interrupted.</summary>
public static class CommandLine
{
    public const int Done = 0, Failed = 1, WrongUsage = 2, Interrupted = 130;

    public static int Run(string[] args)
    {
        // A picture may be called @1.png: no file of arguments is meant.
        var parsed = Build().Parse(args.Length > 0 ? args : ["--help"], new() { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 || UsageView.Misplaced(parsed) is not null)
        {
            UsageView.Print(parsed);
            return WrongUsage;
        }

        int code = parsed.Invoke(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        return args.Length > 0 ? code : WrongUsage;
    }

    private static RootCommand Build() =>
        new("""
            Knowledge distillation for .NET: a large teacher trains a small student, which leaves as one ONNX file.

              distill run recipes/quickstart.yaml            the whole job: teacher, control, student, report
              distill train --data mnist --model mlp         one model
              distill val --model best.onnx --data mnist     what a model scores
              distill quantize best.onnx --data mnist        an INT8 file, and what it costs
            """)
        {
            RunCommand.Build(),
            CompareCommand.Build(),
            TrainCommand.Build(),
            ValCommand.Build(),
            PredictCommand.Build(),
            InfoCommand.Build(),
            ImportCommand.Build(),
            ExportCommand.Build(),
            ConvertCommand.Build(),
            QuantizeCommand.Build(),
            BenchCommand.Build(),
            ListCommand.Build(),
            ReportCommand.Build(),
            DoctorCommand.Build(),
            ProbeCommand.Build(),
        };
}
