using System.CommandLine;
using System.Globalization;
using DistillSharp.Runtime;
using DistillSharp.Runtime.Detection;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill predict</c>: what pictures show, or where in them it is.</summary>
internal static class PredictCommand
{
    public static Command Build()
    {
        var model = new Option<string>("--model") { Description = "The ONNX file", Required = true, HelpName = "FILE" };
        var top = new Option<int>("--top") { Description = "How many classes to tell (classifiers)", HelpName = "N", DefaultValueFactory = _ => 3 };
        var threads = CommonOptions.Threads();
        var detection = new DetectionOptions();
        var pictures = new Argument<string[]>("pictures") { Description = "Picture files; for a detector also folders and patterns (*.jpg, **/*.png)", Arity = ArgumentArity.OneOrMore };
        var command = new Command("predict", "Tell what pictures show; with a detector, find and draw it") { model, top, threads, pictures };
        detection.AddTo(command);
        command.OnRun((parsed, cancellation) =>
        {
            int count = parsed.GetValue(top) is > 0 and int told ? told : throw new ArgumentException("--top must be 1 or more.");
            string path = parsed.GetValue(model)!;
            var session = ModelSession.Open(path, new() { Threads = parsed.GetValue(threads) });
            bool detector = DetectorRecognition.Recognises(session);
            try
            {
                _ = detector ? OptionUse.Refuse(parsed, "classifiers, and this model is a detector", top) : detection.Refuse(parsed);
            }
            catch
            {
                session.Dispose();
                throw;
            }

            return detector ? new DetectorPrediction(detection.Read(parsed, session)).Run(session, parsed.GetValue(pictures)!, cancellation)
                : Classify(session, path, count, parsed.GetValue(pictures)!, cancellation);
        });
        return command;
    }

    private static int Classify(ModelSession session, string model, int count, string[] pictures, CancellationToken cancellation)
    {
        using var predictor = new ClassificationPredictor(session, model);
        foreach (string path in pictures)
        {
            cancellation.ThrowIfCancellationRequested();
            var best = predictor.Predict(ImageFile.Load(path)).Take(count);
            Console.Out.WriteLine($"{path}: {string.Join(", ", best.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Name} {one.Probability:P1}")))}");
        }

        return CommandLine.Done;
    }
}
