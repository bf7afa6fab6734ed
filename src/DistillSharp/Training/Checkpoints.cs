using DistillSharp.Graph;
using DistillSharp.Graph.Format;

namespace DistillSharp.Training;

/// <summary>The files of one model of a run: <c>weights/last.onnx</c>, <c>weights/best.onnx</c>, <c>state.safetensors</c>. Without a folder the best model stays in memory.</summary>
internal sealed class Checkpoints
{
    private readonly TrainerSetup _setup;
    private readonly ModelGraph _graph;
    private readonly Func<ModelGraph, ModelGraph> _shipped;
    private byte[]? _best;
    private bool _saved;

    /// <summary>Makes the folder.</summary>
    /// <param name="setup">What is trained.</param>
    /// <param name="shipped">Makes the model as its file has it of the trained graph.</param>
    public Checkpoints(TrainerSetup setup, Func<ModelGraph, ModelGraph> shipped)
    {
        (_setup, _shipped) = (setup, shipped);
        _graph = setup.Graph.Clone();
        foreach (var (key, value) in setup.Card.ToMetadata())
        {
            _graph.Metadata[key] = value;
        }

        if (setup.Folder is { } folder)
        {
            Directory.CreateDirectory(Path.Combine(folder, "weights"));
        }
    }

    /// <summary>The file of the last epoch's model, or null if there is none.</summary>
    public string? LastGood => _saved ? InFolder("weights", "last.onnx") : null;

    /// <summary>The best epoch's model.</summary>
    public byte[] BestModel =>
        _best ?? (InFolder("weights", "best.onnx") is { } path ? File.ReadAllBytes(path) : throw new InvalidOperationException("No epoch was finished, so there is no model."));

    /// <summary>Goes on from the saved state if asked to and there is one; starts anew otherwise.</summary>
    public TrainingPosition Resume(TrainedNetwork network, IReadOnlyList<Companion> companions)
    {
        if (!_setup.Resume || InFolder("state.safetensors") is not { } path || !File.Exists(path))
        {
            return new();
        }

        var position = TrainingState.Load(path, network, companions);
        _saved = position.Curve.Count > 0;
        return position;
    }

    /// <summary>The model as a file: the averaged weights if there is an average.</summary>
    public byte[] Serialize(TrainedNetwork network)
    {
        network.Executor.WriteTo(_graph, network.Weights, network.Statistics);
        return OnnxFile.Serialize(_shipped(_graph));
    }

    /// <summary>Writes the epoch's model, and the best one if it is.</summary>
    public void Save(byte[] model, bool best)
    {
        _best = best ? model : _best;
        if (_setup.Folder is null)
        {
            return;
        }

        WriteWhole(InFolder("weights", "last.onnx")!, model);
        _saved = true;
        if (best)
        {
            WriteWhole(InFolder("weights", "best.onnx")!, model);
        }
    }

    /// <summary>Writes the state.</summary>
    public void SaveState(TrainedNetwork network, TrainingPosition position, IReadOnlyList<Companion> companions)
    {
        if (InFolder("state.safetensors") is { } path)
        {
            TrainingState.Save(path, network, position, companions);
        }
    }

    private static void WriteWhole(string path, byte[] bytes)
    {
        string temporary = path + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private string? InFolder(params string[] parts) => _setup.Folder is { } folder ? Path.Combine([folder, .. parts]) : null;
}
