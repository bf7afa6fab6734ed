using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Zoo;
using DistillSharp.Plugins;
using DistillSharp.Tasks.Data;
using DistillSharp.Weights;

namespace DistillSharp.Detection;

/// <summary>A detector made ready to be trained on a set's classes: from the zoo, from a checkpoint, or from a file that an earlier run wrote.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Graph">The graph, with the outputs <c>output0</c> and <c>feat0</c> to <c>feat2</c>.</param>
/// <param name="Provenance">Where its weights are from; empty for fresh ones.</param>
/// <param name="Notes">What was done to it, in sentences.</param>
internal sealed record TrainableDetector(string Name, ModelGraph Graph, IReadOnlyDictionary<string, string> Provenance, IReadOnlyList<string> Notes)
{
    /// <summary>The task of the zoo's models that this concerns.</summary>
    private const string Task = "detection";

    /// <summary>Whether a name or file means a detector: a key of the zoo, a checkpoint, or a file whose card says so.</summary>
    /// <param name="model">A key, or a file.</param>
    /// <param name="plugins">The models there are.</param>
    public static bool Means(string model, PluginCatalogs plugins) =>
        plugins.Models.All.Any(entry => entry.Key == model && entry.Task == Task) || IsCheckpoint(model) || (IsOnnx(model) && File.Exists(model) && Tasks.ModelCard.FromMetadata(MetadataOf(model))?.Task == "detect");

    /// <summary>Opens a model.</summary>
    /// <param name="model">A key of the zoo, a checkpoint (<c>.pt</c>, <c>.pth</c>, <c>.safetensors</c>) or a detector's ONNX file.</param>
    /// <param name="classNames">The classes it is to tell apart.</param>
    /// <param name="seed">The seed of weights that are drawn.</param>
    /// <param name="plugins">The models there are.</param>
    /// <exception cref="GraphException">The file is damaged, or no detector that can be trained.</exception>
    public static TrainableDetector Open(string model, IReadOnlyList<string> classNames, long seed, PluginCatalogs plugins)
    {
        if (IsCheckpoint(model) || IsOnnx(model))
        {
            if (!File.Exists(model))
            {
                throw new FileNotFoundException($"The model '{model}' does not exist. Weights are not downloaded: give the path of a file, or a key of the zoo (yolo11n) to start from fresh weights.", model);
            }

            return IsOnnx(model) ? FromOnnx(model, classNames, seed) : FromCheckpoint(model, classNames, seed);
        }

        var entry = plugins.Models.Find(model);
        if (entry.Task != Task)
        {
            throw new DataException($"The model '{model}' is for {entry.Task}, not for detection. Detectors are {string.Join(", ", plugins.Models.All.Where(one => one.Task == Task).Select(one => one.Key))}.");
        }

        var options = (DetectorOptions)Activator.CreateInstance(entry.OptionsType)!;
        var graph = plugins.Models.Build(model, options with { Classes = classNames.Count });
        WeightInitializer.Draw(graph, seed);
        return new(model, graph, new Dictionary<string, string>(), [$"'{model}' begins with fresh weights"]);
    }

    private static TrainableDetector FromCheckpoint(string path, IReadOnlyList<string> classNames, long seed) => throw new NotSupportedException(path + classNames + seed);

    private static TrainableDetector FromOnnx(string path, IReadOnlyList<string> classNames, long seed) => throw new NotSupportedException(path + classNames + seed);

    private static Dictionary<string, string> MetadataOf(string path) => new(OnnxFile.Load(path).Metadata, StringComparer.Ordinal);

    private static bool IsOnnx(string model) => model.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    private static bool IsCheckpoint(string model) => Path.GetExtension(model).ToLowerInvariant() is ".pt" or ".pth" or ".safetensors";
}
