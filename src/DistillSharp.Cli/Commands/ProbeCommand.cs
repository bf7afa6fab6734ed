using System.CommandLine;
using System.Globalization;
using DistillSharp.Runtime.Profiling;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill probe …</c>: measures models in this process, for the run or the comparison that started it.</summary>
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
        var words = new Argument<string[]>("words") { Description = "What is measured, and the ONNX files; with --start one file and the threads", Arity = ArgumentArity.OneOrMore };
        var start = new Option<bool>("--start") { Description = "Measure the first prediction and the memory only" };
        var batch = new Option<int?>("--batch") { Description = "Samples in one prediction, with --start" };
        var imageSize = new Option<int?>("--imgsz") { Description = "Side of the images, with --start" };
        var runs = new Option<int>("--runs") { Description = "Predictions after the first, with --start", DefaultValueFactory = _ => 20 };
        var command = new Command("probe", "Profile models") { words, start, batch, imageSize, runs };
        command.Hidden = true;
        command.OnRun((parsed, cancellation) =>
        {
            string[] given = parsed.GetValue(words)!;
            if (!parsed.GetValue(start))
            {
                ProbeProcess.Work(given, Console.Out, cancellation);
                return CommandLine.Done;
            }

            if (given is not [var model, var threads] || !int.TryParse(threads, NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            {
                throw new ArgumentException($"probe --start takes a file and a number of threads, but was given: {string.Join(' ', given)}");
            }

            ColdStartProbe.Work(model, new() { Threads = count, Batch = parsed.GetValue(batch), ImageSize = parsed.GetValue(imageSize), Runs = parsed.GetValue(runs) }, Console.Out);
            return CommandLine.Done;
        });
        return command;
    }
}
