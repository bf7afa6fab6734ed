using System.Globalization;
using DistillSharp.Detection.Training;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Zoo;
using DistillSharp.Plugins;
using DistillSharp.Tasks.Data;
using DistillSharp.Weights;
using DistillSharp.Weights.Import;

namespace DistillSharp.Detection;

/// <summary>A detector made ready to be trained on a set's classes: from the zoo, from a checkpoint, or from a file that an earlier run wrote.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Graph">The graph, with the outputs <c>output0</c> and <c>feat0</c> to <c>feat2</c>.</param>
/// <param name="Provenance">Where its weights are from; empty for fresh ones.</param>
/// <param name="Notes">What was done to it, in sentences.</param>
internal sealed record TrainableDetector(string Name, ModelGraph Graph, IReadOnlyDictionary<string, string> Provenance, IReadOnlyList<string> Notes)
{
    /// <summary>Whether all its weights are fresh.</summary>
    public bool Fresh { get; private init; }

    /// <summary>The mean and deviation that its pictures are normalised with: its card's; 0 and 1 (default) for all else.</summary>
    private (IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation) Normalization { get; init; } = ([0, 0, 0], [1, 1, 1]);

    /// <summary>The pictures it takes.</summary>
    /// <param name="side">Their side.</param>
    public ImageInput InputOf(int side) => new(3, side, side, Normalization.Mean, Normalization.Deviation);

    /// <summary>The task of the zoo's models that this concerns.</summary>
    private const string Task = "detection";

    /// <summary>Whether a name or file means a detector: a key of the zoo, a checkpoint, or a file whose card says so.</summary>
    /// <param name="model">A key, or a file.</param>
    /// <param name="plugins">The models there are.</param>
    public static bool Means(string model, PluginCatalogs plugins) =>
        plugins.Models.All.Any(entry => entry.Key == model && entry.Task == Task) || IsCheckpoint(model) || (IsOnnx(model) && System.IO.File.Exists(model) && Tasks.ModelCard.FromMetadata(MetadataOf(model))?.Task == "detect");

    /// <summary>Opens a model.</summary>
    /// <param name="choice">A key of the zoo, a checkpoint (<c>.pt</c>, <c>.pth</c>, <c>.safetensors</c>) or a detector's ONNX file.</param>
    /// <param name="classNames">The classes it is to tell apart.</param>
    /// <param name="seed">The seed of weights that are drawn.</param>
    /// <param name="plugins">The models there are.</param>
    /// <exception cref="GraphException">The file is damaged, or no detector that can be trained.</exception>
    public static TrainableDetector Open(DetectorChoice choice, IReadOnlyList<string> classNames, long seed, PluginCatalogs plugins)
    {
        string model = choice.Name;
        if (IsCheckpoint(model) || IsOnnx(model))
        {
            RequireThere(model);
            return IsOnnx(model) ? FromOnnx(model, classNames, seed) : FromCheckpoint(model, classNames, seed);
        }

        var entry = plugins.Models.Find(model);
        if (entry.Task != Task)
        {
            throw new DataException($"The model '{model}' is for {entry.Task}, not for detection. Detectors are {string.Join(", ", plugins.Models.All.Where(one => one.Task == Task).Select(one => one.Key))}.");
        }

        var options = (DetectorOptions)(choice.Options ?? Activator.CreateInstance(entry.OptionsType)!);
        var graph = plugins.Models.Build(model, options with { Classes = classNames.Count });
        WeightInitializer.Draw(graph, seed);
        return new(model, graph, new Dictionary<string, string>(), [$"'{model}' begins with fresh weights"]) { Fresh = true };
    }

    /// <summary>A model as an ONNX file with its own classes: what validates and predicts.</summary>
    /// <param name="model">A key of the zoo, a checkpoint or an ONNX file.</param>
    public static byte[] File(string model)
    {
        if (IsOnnx(model))
        {
            return System.IO.File.ReadAllBytes(model);
        }

        if (IsCheckpoint(model))
        {
            RequireThere(model);
            return OnnxFile.Serialize(CheckpointImport.Import(Checkpoint.Load(model)).Graph);
        }

        var options = new DetectorOptions();
        var fresh = Open(model, [.. Enumerable.Range(0, options.Classes).Select(i => string.Create(CultureInfo.InvariantCulture, $"class {i}"))], 0, PluginCatalogs.BuiltIn);
        ImportCard.Write(fresh.Graph, new("detect", [.. Enumerable.Range(0, options.Classes).Select(i => string.Create(CultureInfo.InvariantCulture, $"class {i}"))], new(3, options.Height, options.Width, [0, 0, 0], [1, 1, 1])) { Stride = Yolo11.Stride });
        return OnnxFile.Serialize(fresh.Graph);
    }

    private static void RequireThere(string model)
    {
        if (!System.IO.File.Exists(model))
        {
            throw new FileNotFoundException($"The model '{model}' does not exist. Weights are not downloaded: give the path of a file, or a key of the zoo (yolo11n) to start from fresh weights.", model);
        }
    }

    private static TrainableDetector FromCheckpoint(string path, IReadOnlyList<string> classNames, long seed)
    {
        var checkpoint = Checkpoint.Load(path);
        var model = CheckpointImport.Import(checkpoint, new() { Classes = classNames.Count, Names = classNames, Seed = seed });
        var provenance = model.Card!.Provenance;
        List<string> notes = [.. model.Notes, .. model.Report.Redrawn.Count > 0 ? Remarks(path, model.Report, null, classNames) : InOrder(path, model.Graph, checkpoint.Metadata.ClassNames, classNames)];
        if (provenance.TryGetValue("license", out string? licence))
        {
            notes.Add($"'{Path.GetFileName(path)}' says of its licence: {licence}; it is carried into the files of this run");
        }

        return new(model.Name, model.Graph, provenance, notes);
    }

    private static TrainableDetector FromOnnx(string path, IReadOnlyList<string> classNames, long seed)
    {
        var graph = OnnxFile.Load(path);
        var card = Tasks.ModelCard.FromMetadata(new Dictionary<string, string>(graph.Metadata, StringComparer.Ordinal));
        if (DetectionTask.Maps.FirstOrDefault(map => graph.Outputs.All(output => output.Name != map)) is { } missing)
        {
            throw new GraphException($"'{path}' cannot be trained as a detector: it has no output '{missing}', the raw map that the loss is computed from. Files that a run wrote (weights/best.onnx) have it; exported ones do not. Its outputs are {string.Join(", ", graph.Outputs.Select(output => $"'{output.Name}'"))}.");
        }

        new UntiePass(new() { MixedOnly = true }).ApplyInPlace(graph);
        var provenance = card?.Provenance ?? new Dictionary<string, string>();
        if (card?.ClassNames.Count == classNames.Count)
        {
            return new(Path.GetFileName(path), graph, provenance, InOrder(path, graph, card.ClassNames, classNames)) { Normalization = Of(card) };
        }

        var (rebuilt, report) = Yolo11Checkpoint.Build(new(path, GraphWeights.Of(graph), CheckpointSource.StateDict, new()), classNames.Count, seed);
        return new(Path.GetFileName(path), rebuilt, provenance, [.. Remarks(path, report, card?.ClassNames, classNames)]) { Normalization = Of(card) };
    }

    private static (IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation) Of(Tasks.ModelCard? card) =>
        card is { Input: { Channels: 3 } input } ? (input.Mean, input.Deviation) : ([0, 0, 0], [1, 1, 1]);

    private static IEnumerable<string> Remarks(string path, GraphWeightsReport report, IReadOnlyList<string>? told, IReadOnlyList<string> wanted)
    {
        if (report.Redrawn.Count > 0)
        {
            yield return $"'{Path.GetFileName(path)}' tells {(told is null ? "other" : told.Count)} classes apart, the data {wanted.Count}: {report.Loaded.Count} tensors are taken over, {report.Redrawn.Count} of the head begin anew, those of {string.Join(", ", report.Redrawn.Select(ModuleOf).Distinct())}";
        }
    }

    /// <summary>Puts the head's classes into the data's order, where the file has the same ones.</summary>
    /// <returns>What was done, in sentences.</returns>
    private static IReadOnlyList<string> InOrder(string path, ModelGraph graph, IReadOnlyList<string>? own, IReadOnlyList<string> wanted)
    {
        string name = $"'{Path.GetFileName(path)}'";
        if (Tasks.ClassOrder.Same(own, wanted, name) is not { } order)
        {
            return [$"{name} has as many classes as the data, but names others: {Tasks.ClassOrder.Differences(own!, wanted)}. Its head is taken over as it is"];
        }

        if (!order.IsIdentity)
        {
            Yolo11Checkpoint.Reorder(graph, order.FromModel);
        }

        return order.Note is { } note ? [note] : [];
    }

    /// <summary>A convolution and its norm are one module to whoever reads of them.</summary>
    private static string ModuleOf(string weight)
    {
        string module = weight[..weight.LastIndexOf('.')];
        return module.EndsWith(".conv", StringComparison.Ordinal) || module.EndsWith(".bn", StringComparison.Ordinal) ? module[..module.LastIndexOf('.')] : module;
    }

    private static Dictionary<string, string> MetadataOf(string path) => new(OnnxFile.Load(path).Metadata, StringComparer.Ordinal);

    private static bool IsOnnx(string model) => model.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    private static bool IsCheckpoint(string model) => Path.GetExtension(model).ToLowerInvariant() is ".pt" or ".pth" or ".safetensors";
}
