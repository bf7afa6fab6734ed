using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Losses;
using DistillSharp.Plugins;
using DistillSharp.Training;

namespace DistillSharp.Teachers;

/// <summary>One of several students that teach each other: an independent network with its own optimizer, clipped by its own norm, averaged and kept at its best epoch as the student is.</summary>
internal sealed class Peer : IDisposable
{
    /// <summary>Compiles the peer.</summary>
    /// <param name="graph">Its graph, weights drawn.</param>
    /// <param name="losses">The losses it has toward the others; owned.</param>
    /// <param name="training">How it is trained.</param>
    /// <param name="plugins">Where its optimizer is found.</param>
    /// <param name="options">Where to compute, and the seed of its dropout.</param>
    public Peer(ModelGraph graph, IReadOnlyList<DistillationLoss> losses, TrainingOptions training, PluginCatalogs plugins, ExecutorOptions options)
    {
        (Losses, Executor) = (losses, new(graph, options));
        Network = new(Executor, training, plugins);
        Kept = new(graph, Network);
    }

    public GraphExecutor Executor { get; }

    public IReadOnlyList<DistillationLoss> Losses { get; }

    public TrainedNetwork Network { get; }

    /// <summary>Its best epoch.</summary>
    public KeptModel Kept { get; }

    public void Save(string prefix, IDictionary<string, TensorData> tensors, bool pending)
    {
        Network.Save(prefix, tensors, pending);
        Kept.Save(prefix, tensors);
    }

    public void Load(string prefix, SavedTensors state, bool pending)
    {
        Network.Load(prefix, state, pending);
        Kept.Load(prefix, state);
    }

    public void Dispose()
    {
        Kept.Dispose();
        Network.Dispose();
        Executor.Dispose();
        foreach (var loss in Losses)
        {
            loss.Dispose();
        }
    }
}
