using System.CommandLine;
using System.Globalization;
using DistillSharp.Cli.Views;
using DistillSharp.Runs;
using DistillSharp.Runtime.Profiling;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill bench A.onnx B.onnx</c>: how fast models are on this machine, and how many times faster than the first.</summary>
internal static class BenchCommand
{
    public static Command Build()
    {
        var defaults = new BenchmarkOptions();
        var models = new Argument<string[]>("models") { Description = "ONNX files; ratios are to the first", Arity = ArgumentArity.OneOrMore };
        var batch = new Option<int?>("--batch") { Description = "Samples in one prediction (default: the file's, 1 where it is free)", HelpName = "N" };
        var imageSize = new Option<int?>("--imgsz") { Description = "The pictures' side where the file leaves it free (default: the card's)", HelpName = "N" };
        var threads = new Option<int>("--threads") { Description = "Threads of ONNX Runtime, 0 for one a core", HelpName = "N", DefaultValueFactory = _ => defaults.Threads };
        var warmUps = new Option<int>("--warmup") { Description = "Untimed predictions of each model first", HelpName = "N", DefaultValueFactory = _ => defaults.WarmUps };
        var runs = new Option<int>("--runs") { Description = "Timed predictions of each model in a round", HelpName = "N", DefaultValueFactory = _ => defaults.Runs };
        var rounds = new Option<int>("--rounds") { Description = "Rounds; in each every model has its turn", HelpName = "N", DefaultValueFactory = _ => defaults.Rounds };
        var starts = new Option<int>("--starts") { Description = "Processes started for cold start and memory, 0 for neither", HelpName = "N", DefaultValueFactory = _ => defaults.Starts };
        var json = new Option<string?>("--json") { Description = "Write every number as JSON", HelpName = "FILE" };
        var csv = new Option<string?>("--csv") { Description = "Write every number as CSV", HelpName = "FILE" };
        var markdown = new Option<string?>("--markdown") { Description = "Write the table as Markdown", HelpName = "FILE" };
        var command = new Command("bench", "Compare the speed and memory of model files on this machine") { models, batch, imageSize, threads, warmUps, runs, rounds, starts, json, csv, markdown };
        command.OnRun((parsed, cancellation) =>
        {
            var options = new BenchmarkOptions
            {
                Batch = parsed.GetValue(batch),
                ImageSize = parsed.GetValue(imageSize),
                Threads = parsed.GetValue(threads),
                WarmUps = parsed.GetValue(warmUps),
                Runs = parsed.GetValue(runs),
                Rounds = parsed.GetValue(rounds),
                Starts = parsed.GetValue(starts),
            };
            (string? Path, Func<BenchmarkReport, string> Text)[] files = [(parsed.GetValue(json), report => report.ToJson() + "\n"), (parsed.GetValue(csv), BenchTable.Csv), (parsed.GetValue(markdown), BenchTable.Markdown)];
            foreach (var (path, _) in files)
            {
                // Minutes of measuring must not be lost to a folder that is not there.
                OutputFile.RefuseUnwritable(path, "Nothing was measured.");
            }

            var report = WorkView.Places("measuring", progress => ModelBenchmark.Run(parsed.GetValue(models)!, options, path => StartCommand(path, options), progress, cancellation));
            BenchView.Print(report);
            foreach (var (path, text) in files)
            {
                if (path is not null)
                {
                    RunFolder.WriteWhole(path, text(report));
                }
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static IReadOnlyList<string> StartCommand(string path, BenchmarkOptions options)
    {
        string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
        List<string> command = [.. ProbeCommand.OwnProcess, "--start", "--runs", Number(options.Runs)];
        command.AddRange(options.Batch is { } batch ? ["--batch", Number(batch)] : []);
        command.AddRange(options.ImageSize is { } size ? ["--imgsz", Number(size)] : []);
        return [.. command, "--", path, Number(options.Threads)];
    }
}
