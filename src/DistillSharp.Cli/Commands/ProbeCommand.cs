using System.CommandLine;
using DistillSharp.Runtime.Profiling;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill probe MODEL THREADS</c>: profiles one model in this process, for the run or the comparison that started it.</summary>
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
        var start = new Option<bool>("--start") { Description = "Tell the first prediction and the memory only" };
        var batch = new Option<int?>("--batch") { Description = "Samples in one prediction, with --start" };
        var imageSize = new Option<int?>("--imgsz") { Description = "The pictures' side, with --start" };
        var runs = new Option<int>("--runs") { Description = "Predictions after the first, with --start", DefaultValueFactory = _ => 20 };
        var command = new Command("probe", "Profile one model") { model, threads, start, batch, imageSize, runs };
        command.Hidden = true;
        command.OnRun((parsed, _) =>
        {
            if (parsed.GetValue(start))
            {
                ColdStartProbe.Work(
                    parsed.GetValue(model)!,
                    new() { Threads = parsed.GetValue(threads), Batch = parsed.GetValue(batch), ImageSize = parsed.GetValue(imageSize), Runs = parsed.GetValue(runs) },
                    Console.Out);
            }
            else
            {
                Console.Out.WriteLine(ProbeProcess.Work(parsed.GetValue(model)!, parsed.GetValue(threads)));
            }

            return CommandLine.Done;
        });
        return command;
    }
}
