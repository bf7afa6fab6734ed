using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Zoo;
using DistillSharp.Plugins;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Weights.Import;

/// <summary>Makes a model of a checkpoint: the graph its weights belong to, the weights in it, and a card that says where they are from.</summary>
public static class CheckpointImport
{
    private const int DefaultSide = 640;
    private const string DetectionTask = "detection";

    /// <summary>Makes the model.</summary>
    /// <param name="checkpoint">The checkpoint; its file is hashed.</param>
    /// <param name="options">What is not in it; null for nothing.</param>
    /// <returns>The model, and what became of each tensor.</returns>
    /// <exception cref="GraphException">The weights do not fit; the message lists what is missing, unexpected and of another shape.</exception>
    /// <exception cref="UnknownPluginException">There is no model of that key.</exception>
    /// <exception cref="ArgumentException">What was said contradicts itself, or is not enough.</exception>
    public static ImportedModel Import(Checkpoint checkpoint, CheckpointImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        options ??= new();
        var entry = options.Model is { } key ? options.Plugins.Models.Find(key) : null;
        if (entry is null && !Yolo11Checkpoint.Recognises(checkpoint.StateDict))
        {
            throw new GraphException($"'{checkpoint.Path}' does not say which model its {checkpoint.StateDict.Count} tensors ('{checkpoint.StateDict.Keys.First()}', ...) belong to, and it is no YOLO11 detector, which would be recognised. "
                + "Name a model of the zoo with --model (distill list models).");
        }

        return entry is null || entry.Task == DetectionTask ? Detector(checkpoint, options) : Classifier(checkpoint, options, entry);
    }

    private static ImportedModel Detector(Checkpoint checkpoint, CheckpointImportOptions options)
    {
        if (options.Mean is not null || options.Deviation is not null)
        {
            throw new ArgumentException("A YOLO11 detector takes pixels of 0 to 1 as they are: --mean and --std are for classifiers.");
        }

        var told = Yolo11Checkpoint.OptionsOf(checkpoint);
        string name = Yolo11Checkpoint.KeyOf(told) ?? "yolo11";
        if (options.Model is { } said && said != name && said != "yolo11")
        {
            throw new GraphException($"'{checkpoint.Path}' holds a {name} (width {told.WidthMultiple}, depth {told.DepthMultiple}), not a {said}. Leave --model out: the checkpoint tells its size.");
        }

        if (options.Channels is { } channels && channels != told.Channels)
        {
            throw new ArgumentException($"--channels says {channels}, but the checkpoint's first convolution takes {told.Channels}.");
        }

        var (graph, report) = Yolo11Checkpoint.Build(checkpoint, options.Classes, options.Seed);
        List<string> notes = [.. checkpoint.Notes];
        int side = Rounded(checkpoint.Metadata.ImageSize ?? DefaultSide);
        var (height, width) = options.Size ?? (side, side);
        if (height % Yolo11.Stride != 0 || width % Yolo11.Stride != 0)
        {
            throw new ArgumentException($"--size says {height}x{width}, but the sides of a detector's pictures are multiples of {Yolo11.Stride}: {Rounded(height)}x{Rounded(width)}.");
        }

        var names = ImportCard.Names(checkpoint, options.Names, options.Classes ?? told.Classes, notes);
        var input = new ImageInput(told.Channels, height, width, new float[told.Channels], [.. Enumerable.Repeat(1f, told.Channels)]);
        var card = new ModelCard("detect", names, input) { Stride = Yolo11.Stride, Provenance = ImportCard.Provenance(checkpoint, name) };
        ImportCard.Write(graph, card);
        return new(name, graph, card, report, notes);
    }

    private static ImportedModel Classifier(Checkpoint checkpoint, CheckpointImportOptions options, ModelEntry entry)
    {
        var blank = (ModelOptions)Activator.CreateInstance(entry.OptionsType)!;
        var size = options.Size ?? (blank.Height, blank.Width);
        int channels = options.Channels ?? (options.Mean is { Count: > 1 } means ? means.Count : FirstChannels(checkpoint)) ?? blank.Channels;
        blank = blank with { Channels = channels, Height = size.Height, Width = size.Width };
        int classes = ClassesOf(checkpoint, options.Plugins.Models.Build(entry.Key, blank)) ?? options.Classes ?? blank.Classes;
        var graph = options.Plugins.Models.Build(entry.Key, blank with { Classes = options.Classes ?? classes });
        var head = ClassHead.WeightOf(graph);
        bool other = options.Classes is { } wanted && wanted != classes;
        var report = GraphWeights.Load(graph, checkpoint.StateDict, other && head is not null ? new() { Redrawn = [ClassHead.ModuleOf(head.Name)], Seed = options.Seed } : null);
        List<string> notes = [.. checkpoint.Notes];
        ModelCard? card = null;
        if ((options.Mean, options.Deviation) is ({ } mean, { } deviation))
        {
            var names = ImportCard.Names(checkpoint, options.Names, options.Classes ?? classes, notes);
            card = new("classification", names, new(channels, size.Height, size.Width, Spread("--mean", mean, channels), Spread("--std", deviation, channels))) { Provenance = ImportCard.Provenance(checkpoint, entry.Key) };
            ImportCard.Write(graph, card);
        }
        else if (options.Names is not null || options.Mean is not null || options.Deviation is not null)
        {
            throw new ArgumentException("A classifier's card needs --mean and --std: what its pictures were normalised with in training, of pixels 0 to 1.");
        }
        else
        {
            foreach (var (key, value) in ImportCard.Provenance(checkpoint, entry.Key))
            {
                graph.Metadata["distillsharp.provenance." + key] = value;
            }

            notes.Add("No card is written: how pictures were normalised is not known. Give --mean, --std and --names to have one, or later with distill convert.");
        }

        return new(entry.Key, graph, card, report, notes);
    }

    private static int Rounded(int side) => (side + Yolo11.Stride - 1) / Yolo11.Stride * Yolo11.Stride;

    /// <summary>The classes that the checkpoint's last layer tells apart.</summary>
    private static int? ClassesOf(Checkpoint checkpoint, ModelGraph graph) =>
        ClassHead.WeightOf(graph) is { } head && checkpoint.StateDict.TryGetValue(head.Name, out var weight) && weight.Shape is [>= 2 and <= 1_000_000 and var classes, ..] ? (int)classes : null;

    private static int? FirstChannels(Checkpoint checkpoint) =>
        checkpoint.StateDict.Values.FirstOrDefault(tensor => tensor.Shape.Count == 4)?.Shape[1] is >= 1 and <= 1024 and var channels ? (int)channels : null;

    private static float[] Spread(string option, IReadOnlyList<double> values, int channels) =>
        values.Count == channels ? [.. values.Select(value => (float)value)]
        : values.Count == 1 ? [.. Enumerable.Repeat((float)values[0], channels)]
        : throw new ArgumentException($"{option} has {values.Count} numbers, but the model takes {channels} channels.");
}
