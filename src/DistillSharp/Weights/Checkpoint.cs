using DistillSharp.Graph;

namespace DistillSharp.Weights;

/// <summary>The weights of a checkpoint by name, and what it says of itself. Reading one runs none of it.</summary>
/// <param name="Path">The file it was read from.</param>
/// <param name="StateDict">The tensors by PyTorch's names (<c>model.0.conv.weight</c>), in the checkpoint's order; parameters and buffers.</param>
/// <param name="Source">Where in the file the weights were.</param>
/// <param name="Metadata">What it says of itself.</param>
public sealed record Checkpoint(string Path, IReadOnlyDictionary<string, TensorData> StateDict, CheckpointSource Source, CheckpointMetadata Metadata)
{
    /// <summary>What was done to the names or left out, in sentences. Empty if nothing.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Reads a checkpoint: a zip file of <c>torch.save</c>, or safetensors, told apart by their first bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read; null for the defaults.</param>
    /// <exception cref="GraphException">It is neither, or damaged, or asks for what weights have no use for; the message names file and offset.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Checkpoint Load(string path, CheckpointOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return SafetensorsCheckpoint.Recognises(path) ? SafetensorsCheckpoint.Load(path, options) : TorchCheckpoint.Load(path, options);
    }

    /// <summary>Writes weights and metadata as a safetensors file, whole: beside it first, then flushed and renamed.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="NotSupportedException">A tensor has a type of elements that the format does not have.</exception>
    public void SaveSafetensors(string path) => SafetensorsFile.Write(path, StateDict, CheckpointTexts.Write(Metadata));
}
