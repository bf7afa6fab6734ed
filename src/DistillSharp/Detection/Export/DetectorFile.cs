using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Weights;
using DistillSharp.Weights.Import;

namespace DistillSharp.Detection.Export;

/// <summary>A detector as it was found in a file: a checkpoint of YOLO11, or an ONNX file with a detector's card.</summary>
/// <param name="Path">The file.</param>
/// <param name="Graph">The model.</param>
/// <param name="Card">Classes, input and stride.</param>
/// <param name="Notes">What was done to it, in sentences.</param>
public sealed record DetectorFile(string Path, ModelGraph Graph, ModelCard Card, IReadOnlyList<string> Notes)
{
    /// <summary>Reads a detector.</summary>
    /// <param name="path">A checkpoint (<c>.pt</c>, <c>.pth</c>, <c>.safetensors</c>) or an ONNX file. Nothing of it is run.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="GraphException">It is damaged, or no detector; the message says what it is.</exception>
    /// <exception cref="DataException">Its card is damaged.</exception>
    public static DetectorFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The model '{path}' does not exist.", path);
        }

        return System.IO.Path.GetExtension(path).ToLowerInvariant() is ".pt" or ".pth" or ".safetensors" ? FromCheckpoint(path) : FromOnnx(path);
    }

    private static DetectorFile FromOnnx(string path)
    {
        var graph = OnnxFile.Load(path);
        var card = ModelCard.FromMetadata(new Dictionary<string, string>(graph.Metadata, StringComparer.Ordinal));
        return card is { IsDetector: true } ? new(path, graph, card, [])
            : throw new GraphException($"'{path}' is no detector: {(card is null ? "it carries no card that says so" : $"its card says '{card.Task}'")}. Give a YOLO11 checkpoint (.pt), or an ONNX file with a detector's metadata; other models are rewritten by distill convert.");
    }

    private static DetectorFile FromCheckpoint(string path)
    {
        var checkpoint = Checkpoint.Load(path);
        if (!Yolo11Checkpoint.Recognises(checkpoint.StateDict))
        {
            throw new GraphException($"'{path}' holds no YOLO11 detector. Other checkpoints become a model file with: distill import FILE --model KEY --out FILE.onnx.");
        }

        var model = CheckpointImport.Import(checkpoint);
        return new(path, model.Graph, model.Card!, model.Notes);
    }
}
