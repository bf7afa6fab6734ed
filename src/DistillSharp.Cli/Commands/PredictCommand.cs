using System.CommandLine;
using System.Globalization;
using DistillSharp.Runtime;
using DistillSharp.Tasks.Images;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill predict</c>: what pictures show.</summary>
internal static class PredictCommand
{
    public static Command Build()
    {
        var model = new Option<string>("--model") { Description = "The ONNX file", Required = true, HelpName = "FILE" };
        var top = new Option<int>("--top") { Description = "How many classes to tell", HelpName = "N", DefaultValueFactory = _ => 3 };
        var threads = CommonOptions.Threads();
        var pictures = new Argument<string[]>("pictures") { Description = "Picture files", Arity = ArgumentArity.OneOrMore };
        var command = new Command("predict", "Tell what pictures show") { model, top, threads, pictures };
        command.OnRun((parsed, cancellation) =>
        {
            int count = parsed.GetValue(top) is > 0 and int told ? told : throw new ArgumentException("--top must be 1 or more.");
            using var predictor = new ClassificationPredictor(parsed.GetValue(model)!, new() { Threads = parsed.GetValue(threads) });
            foreach (string path in parsed.GetValue(pictures)!)
            {
                cancellation.ThrowIfCancellationRequested();
                var best = predictor.Predict(ImageFile.Load(path)).Take(count);
                Console.Out.WriteLine($"{path}: {string.Join(", ", best.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Name} {one.Probability:P1}")))}");
            }

            return CommandLine.Done;
        });
        return command;
    }
}
