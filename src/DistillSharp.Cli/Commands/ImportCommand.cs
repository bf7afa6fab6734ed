using System.CommandLine;
using DistillSharp.Cli.Conversion;
using DistillSharp.Cli.Views;
using DistillSharp.Graph.Format;
using DistillSharp.Weights;
using DistillSharp.Weights.Import;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill import CHECKPOINT --out FILE</c>: a model of a checkpoint of PyTorch, without Python and without running any of it.</summary>
internal static class ImportCommand
{
    public static Command Build()
    {
        var source = new Argument<string>("checkpoint") { Description = "The checkpoint: a file of torch.save (.pt, .pth) or safetensors" };
        var target = new Option<string>("--out") { Description = "The file written: .onnx for the model, .safetensors for its weights alone", HelpName = "FILE", Required = true };
        var model = new Option<string?>("--model") { Description = "The model of the zoo that the weights belong to (distill list models); YOLO11 tells it itself", HelpName = "KEY" };
        var names = new Option<string?>("--names") { Description = "The classes' names, one a line (default: the checkpoint's)", HelpName = "FILE" };
        var classes = new Option<int?>("--classes") { Description = "Another number of classes: the head is drawn anew where its shape differs, and must be trained", HelpName = "N" };
        var channels = new Option<int?>("--channels") { Description = "The channels of the pictures (default: what the first convolution takes)", HelpName = "N" };
        var seed = new Option<long>("--seed") { Description = "What a new head is drawn from", HelpName = "N" };
        var pictures = new PictureOptions("", "the model", "the checkpoint's");
        var command = new Command("import", "Make a model file of a checkpoint of PyTorch, such as yolo11n.pt; nothing of it is run") { source, target, model, names, classes };
        pictures.AddTo(command);
        command.Options.Add(channels);
        command.Options.Add(seed);
        command.OnRun((parsed, _) =>
        {
            string path = parsed.GetValue(source)!, file = parsed.GetValue(target)!;
            if (!File.Exists(path))
            {
                throw new FileNotFoundException($"The checkpoint '{path}' does not exist.");
            }

            OutputFile.RefuseUnwritable(file, "Nothing was imported.", path);
            if (Path.GetExtension(file).ToLowerInvariant() is var kind && kind is not (".onnx" or ".safetensors"))
            {
                throw new ArgumentException($"--out ends in '{kind}', but what is written is .onnx (the model) or .safetensors (its weights alone).");
            }

            if (kind == ".safetensors")
            {
                RefuseModelOptions(parsed, pictures.Any(parsed), model, names, classes, channels, seed);
                var weights = Checkpoint.Load(path, new() { AsStored = true });
                weights.SaveSafetensors(file);
                ImportView.Weights(weights, file);
                return CommandLine.Done;
            }

            var checkpoint = Checkpoint.Load(path);
            var imported = CheckpointImport.Import(checkpoint, new()
            {
                Model = parsed.GetValue(model),
                Names = parsed.GetValue(names) is { } list ? CardWriter.Read(list) : null,
                Classes = parsed.GetValue(classes),
                Channels = parsed.GetValue(channels),
                Size = pictures.Size(parsed) is { } size ? (size[0], size[^1]) : null,
                Mean = pictures.Mean(parsed),
                Deviation = pictures.Std(parsed),
                Seed = parsed.GetValue(seed),
            });
            OnnxFile.Save(imported.Graph, file);
            ImportView.Model(checkpoint, imported, file);
            return CommandLine.Done;
        });
        return command;
    }

    private static void RefuseModelOptions(ParseResult parsed, bool pictures, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
        {
            pictures |= parsed.GetResult(option) is { Implicit: false };
        }

        if (pictures)
        {
            throw new ArgumentException("A safetensors file holds weights alone, as the checkpoint has them: options that tell of a model are for .onnx.");
        }
    }
}
