using DistillSharp.Graph;
using DistillSharp.Weights.Pickle;
using DistillSharp.Weights.Torch;

namespace DistillSharp.Weights;

/// <summary>
/// Reads files of <c>torch.save</c> (PyTorch 1.6 and later) without Python: state dicts, checkpoints around one, and whole saved models such as
/// Ultralytics'. Nothing of the pickle inside is run.
/// </summary>
public static class TorchCheckpoint
{
    private const string ParallelPrefix = "module.";
    private const int MostTensors = 1_000_000;

    /// <summary>Where weights are looked for, first come first served; a model's average is what is meant to be used.</summary>
    private static readonly (string Key, CheckpointSource Source)[] s_places =
    [
        ("ema", CheckpointSource.Average), ("model", CheckpointSource.Model), ("state_dict", CheckpointSource.StateDict), ("model_state_dict", CheckpointSource.StateDict), ("net", CheckpointSource.StateDict),
    ];

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read; null for the defaults: floats as float32.</param>
    /// <returns>The weights, and what the checkpoint says of itself.</returns>
    /// <exception cref="GraphException">It is no checkpoint, or damaged, or asks for what weights have no use for; the message names file and offset.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Checkpoint Load(string path, CheckpointOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = File.OpenRead(path);
        var archive = TorchArchive.Open(file, path);
        object? root = archive.Load();
        var (source, holder) = Choose(root, path);
        var tensors = holder is PickleObject model ? ModuleWalk.Of(model, path) : StateDictOf((PickleDict)holder, path);
        if (tensors.Count == 0)
        {
            throw new GraphException($"'{path}' holds no weights: its {(holder is PickleObject ? "model" : "state dict")} is empty.");
        }

        var elements = new TensorElements(archive, path);
        var notes = new List<string>();
        bool parallel = tensors.Keys.All(name => name.StartsWith(ParallelPrefix, StringComparison.Ordinal) && name.Length > ParallelPrefix.Length);
        if (parallel)
        {
            notes.Add($"Every name begins with '{ParallelPrefix}', as models trained in parallel are saved; it is left out.");
        }

        var state = new OrderedDictionary<string, TensorData>(tensors.Count, StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors)
        {
            var data = elements.Read(tensor);
            state.Add(parallel ? name[ParallelPrefix.Length..] : name, options?.AsStored == true ? data : FloatElements.ToFloat32(data));
        }

        return new(path, state, source, TorchMetadata.Of(root as PickleDict, holder as PickleObject, elements)) { Notes = notes };
    }

    /// <summary>The saved model or state dict that is used, and where it was.</summary>
    private static (CheckpointSource Source, object Holder) Choose(object? root, string path)
    {
        if (root is PickleObject whole && IsModule(whole))
        {
            return (CheckpointSource.Whole, whole);
        }

        if (root is not PickleDict top)
        {
            throw new GraphException($"'{path}' holds {(root is TorchTensor ? "one tensor" : "no dictionary and no model")}, so it is no checkpoint: a state dict, a model, or a dictionary with either is expected.");
        }

        foreach (var (key, source) in s_places)
        {
            if (top.Find(key) is { } found && (found is PickleDict || (found is PickleObject module && IsModule(module))))
            {
                return (source, found);
            }
        }

        return top.Items.Any(pair => pair.Value is TorchTensor) ? (CheckpointSource.Whole, top)
            : throw new GraphException($"'{path}' holds no weights: none of {string.Join(", ", s_places.Select(place => $"'{place.Key}'"))} is a model or a state dict. "
                + $"It holds {string.Join(", ", top.Items.Take(10).Select(pair => pair.Key is string { Length: < 60 } name ? $"'{name}'" : "something without a name"))}.");
    }

    private static bool IsModule(PickleObject value) => value.Attribute("_modules") is not null || value.Attribute("_parameters") is not null;

    private static OrderedDictionary<string, TorchTensor> StateDictOf(PickleDict dict, string path)
    {
        var tensors = new OrderedDictionary<string, TorchTensor>(StringComparer.Ordinal);
        foreach (var (key, value) in dict.Items)
        {
            if (key is not string { Length: > 0 } name || value is not TorchTensor tensor || tensors.Count >= MostTensors)
            {
                throw new GraphException($"'{path}' cannot be read: in its state dict, '{(key is string { Length: < 120 } text ? text : "something without a name")}' is no tensor.");
            }

            tensors.Add(name, tensor);
        }

        return tensors;
    }
}
