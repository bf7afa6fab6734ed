using System.CommandLine;
using DistillSharp.Cli.Views;
using DistillSharp.Runtime;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill val</c>: scores a model file on a data set's test samples.</summary>
internal static class ValCommand
{
    public static Command Build()
    {
        var model = new Option<string>("--model") { Description = "The ONNX file", Required = true, HelpName = "FILE" };
        var data = CommonOptions.Data();
        var teacher = new Option<string?>("--teacher") { Description = "A teacher, for the agreement", HelpName = "FILE" };
        var batch = new Option<int>("--batch") { Description = "The batch size", HelpName = "N", DefaultValueFactory = _ => 256 };
        var root = CommonOptions.DataRoot();
        var imageSize = CommonOptions.ImageSize();
        var workers = CommonOptions.Workers();
        var threads = CommonOptions.Threads();
        var skip = CommonOptions.SkipBad();
        var offline = CommonOptions.NoDownload();
        var command = new Command("val", "Score a model file on a data set") { model, data, teacher, batch, imageSize, workers, threads, root, skip, offline };
        command.OnRun((parsed, cancellation) =>
        {
            using var session = ModelSession.Open(parsed.GetValue(model)!, new() { Threads = parsed.GetValue(threads) });
            var set = DataChoice.Open(parsed.GetValue(data)!, parsed.GetValue(root), session.Card?.Input.Height ?? parsed.GetValue(imageSize), !parsed.GetValue(offline), cancellation);
            Evaluation Score(ModelSession one, ReadOnlySpan<int> predictions) => Evaluator.Evaluate(
                one,
                set.Test,
                new() { Input = one.Card?.Input ?? set.Input, BatchSize = parsed.GetValue(batch), Workers = parsed.GetValue(workers), SkipBad = parsed.GetValue(skip) },
                predictions,
                cancellation: cancellation);
            int[] taught = [];
            if (parsed.GetValue(teacher) is { } path)
            {
                using var other = ModelSession.Open(path, new() { Threads = parsed.GetValue(threads) });
                taught = Score(other, []).Predictions;
            }

            ScoreView.Print(set, Score(session, taught));
            return CommandLine.Done;
        });
        return command;
    }
}
