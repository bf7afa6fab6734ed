using System.CommandLine;
using DistillSharp.Runtime.Profiling;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill probe MODEL THREADS</c>: profiles one model in this process, for the run that started it.</summary>
internal static class ProbeCommand
{
    /// <summary>The command that starts this program as a probe.</summary>
    public static IReadOnlyList<string> OwnProcess
    {
        get
        {
            string program = Environment.ProcessPath!;
            bool host = Path.GetFileNameWithoutExtension(program) == "dotnet";
            return host ? [program, Path.Combine(AppContext.BaseDirectory, "distill.dll"), "probe"] : [program, "probe"];
        }
    }

    public static Command Build()
    {
        var model = new Argument<string>("model") { Description = "The ONNX file" };
        var threads = new Argument<int>("threads") { Description = "Threads, 0 for one a core" };
        var command = new Command("probe", "Profile one model") { model, threads };
        command.Hidden = true;
        command.OnRun((parsed, _) =>
        {
            Console.Out.WriteLine(ProbeProcess.Work(parsed.GetValue(model)!, parsed.GetValue(threads)));
            return CommandLine.Done;
        });
        return command;
    }
}
