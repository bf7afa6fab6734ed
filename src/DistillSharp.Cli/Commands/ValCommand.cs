using System.CommandLine;
using DistillSharp.Cli.Views;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill val</c>: scores a model file on a data set: a classifier on the test samples, a detector on the validation pictures.</summary>
internal static class ValCommand
{
    private const int ClassifierBatch = 256;

    public static Command Build()
    {
        var model = new Option<string>("--model") { Description = "The ONNX file", Required = true, HelpName = "FILE" };
        var data = CommonOptions.Data();
        var teacher = new Option<string?>("--teacher") { Description = "A teacher, for the agreement (classifiers)", HelpName = "FILE" };
        var batch = new Option<int?>("--batch") { Description = "The batch size (default 256; a detector 16)", HelpName = "N" };
        var root = CommonOptions.DataRoot();
        var imageSize = CommonOptions.ImageSizeChoice();
        var workers = CommonOptions.Workers();
        var threads = CommonOptions.Threads();
        var skip = CommonOptions.SkipBad();
        var offline = CommonOptions.NoDownload();
        var detection = new ValidationOptions();
        var command = new Command("val", "Score a model file on a data set: top-1, or mAP as Ultralytics computes it") { model, data, teacher, batch, imageSize, workers, threads, root, skip, offline };
        detection.AddTo(command);
        command.OnRun((parsed, cancellation) =>
        {
            using var session = ModelSession.Open(parsed.GetValue(model)!, new() { Threads = parsed.GetValue(threads) });
            if (DetectorRecognition.Refusal(session) is { } refusal)
            {
                throw new DataException(refusal);
            }

            if (DetectorRecognition.Recognises(session))
            {
                OptionUse.Refuse(parsed, "classifiers, and this model is a detector", teacher);
                return DetectorValidation.Run(
                    session,
                    parsed.GetValue(model)!,
                    new(parsed.GetValue(data)!, parsed.GetValue(root), parsed.GetValue(imageSize), parsed.GetValue(batch), parsed.GetValue(workers), parsed.GetValue(skip)),
                    detection.Read(parsed),
                    cancellation);
            }

            detection.Refuse(parsed);
            var set = DataChoice.Open(
                parsed.GetValue(data)!, parsed.GetValue(root), session.Card?.Input.Height ?? parsed.GetValue(imageSize) ?? CommonOptions.FolderPictureSide, !parsed.GetValue(offline), cancellation);
            Evaluation Score(ModelSession one, string name, ReadOnlySpan<int> predictions)
            {
                var order = ClassOrder.Of(one.Card?.ClassNames, set.ClassNames, $"'{name}'");
                ClassOrderView.Print(order);
                return Evaluator.Evaluate(
                    one,
                    set.Test,
                    new() { Input = one.Card?.Input ?? set.Input, BatchSize = parsed.GetValue(batch) ?? ClassifierBatch, Workers = parsed.GetValue(workers), SkipBad = parsed.GetValue(skip) },
                    predictions,
                    cancellation: cancellation,
                    order: order);
            }

            int[] taught = [];
            if (parsed.GetValue(teacher) is { } path)
            {
                using var other = ModelSession.Open(path, new() { Threads = parsed.GetValue(threads) });
                taught = Score(other, path, []).Predictions;
            }

            ScoreView.Print(set, Score(session, parsed.GetValue(model)!, taught));
            return CommandLine.Done;
        });
        return command;
    }
}
