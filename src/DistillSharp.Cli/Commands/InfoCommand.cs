using System.CommandLine;
using DistillSharp.Cli.Views;
using DistillSharp.Graph.Passes;
using DistillSharp.Trainability;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill info MODEL</c>: what a model file holds, and whether it trains here.</summary>
internal static class InfoCommand
{
    public static Command Build()
    {
        var model = new Argument<string>("model") { Description = "The ONNX file" };
        var weights = new Option<bool>("--weights") { Description = "List every weight, trainable and frozen, and what became of its gradient" };
        var skip = new Option<bool>("--no-proof") { Description = "Do not prove that it trains by a forward and a backward" };
        var trial = new TrialChoice();
        var command = new Command("info", "Tell what a model file holds, and prove that it trains") { model, weights, skip };
        trial.AddTo(command);
        command.OnRun((parsed, _) =>
        {
            string path = parsed.GetValue(model)!;
            if (!File.Exists(path))
            {
                throw new FileNotFoundException($"The model '{path}' does not exist.");
            }

            var options = trial.Of(parsed, batch: 2);
            var read = ModelImport.Load(path);
            InfoView.Print(path, read, options, parsed.GetValue(skip) ? null : TrainabilityProof.Of(read.Graph, new() { Trial = options }), parsed.GetValue(weights));
            return CommandLine.Done;
        });
        return command;
    }
}
