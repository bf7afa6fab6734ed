using System.CommandLine;
using DistillSharp.Cli.Views;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill info MODEL</c>: what a model file holds.</summary>
internal static class InfoCommand
{
    public static Command Build()
    {
        var model = new Argument<string>("model") { Description = "The ONNX file" };
        var weights = new Option<bool>("--weights") { Description = "List every weight, trainable and frozen" };
        var command = new Command("info", "Tell what a model file holds") { model, weights };
        command.OnRun((parsed, _) =>
        {
            string path = parsed.GetValue(model)!;
            if (!File.Exists(path))
            {
                throw new FileNotFoundException($"The model '{path}' does not exist.");
            }

            InfoView.Print(path, ModelImport.Load(path).Graph, parsed.GetValue(weights));
            return CommandLine.Done;
        });
        return command;
    }
}
