using DistillSharp.Adapters;
using DistillSharp.Graph;
using DistillSharp.Losses;
using DistillSharp.Plugins;

namespace DistillSharp.Training;

/// <summary>
/// A loss's adapters, trained with the student's settings and saved in the run's state. Each is clipped by the norm of its own gradient, so that an adapter with a large one does not
/// shrink the student's step. Those that go into the student's file are averaged as the student is.
/// </summary>
internal sealed class AdapterCompanion : Companion, IDisposable
{
    private readonly string _key;
    private readonly DistillationLoss _loss;
    private readonly (AdapterNetwork Adapter, TrainedNetwork Network)[] _adapters;

    /// <summary>Prepares the training of a loss's adapters.</summary>
    /// <param name="key">The loss's key in the objective.</param>
    /// <param name="loss">The loss; it is not owned.</param>
    /// <param name="options">How the student is trained.</param>
    /// <param name="plugins">Where optimizers are found.</param>
    public AdapterCompanion(string key, DistillationLoss loss, TrainingOptions options, PluginCatalogs plugins)
    {
        (_key, _loss) = (key, loss);
        options = options with { MaxNorm = 0, EmaDecay = loss.BringsPredictor ? options.EmaDecay : 0, EmaStatistics = EmaStatistics.Averaged };
        _adapters = [.. loss.Adapters.Select(adapter => (adapter, new TrainedNetwork(adapter.Executor, options, plugins)))];
    }

    public override string Name => $"adapter.{_key}";

    public override void ZeroGradients()
    {
        foreach (var (_, network) in _adapters)
        {
            network.ZeroGradients();
        }
    }

    public override void ScaleGradients(double factor)
    {
        foreach (var (_, network) in _adapters)
        {
            network.ScaleGradients(factor);
        }
    }

    public override void Step(OptimizerStep step)
    {
        foreach (var (adapter, network) in _adapters.Where(pair => pair.Adapter.Executor.Weights.Values.NumberOfElements > 0))
        {
            if (adapter.GradientFactor != 1)
            {
                network.ScaleGradients(adapter.GradientFactor);
            }

            network.Step(step);
        }
    }

    public void Dispose()
    {
        foreach (var (_, network) in _adapters)
        {
            network.Dispose();
        }
    }

    internal override void SwapAverages()
    {
        foreach (var (_, network) in _adapters)
        {
            network.SwapAverage();
        }
    }

    internal override void Save(IDictionary<string, TensorData> tensors, bool pending)
    {
        for (int i = 0; i < _adapters.Length; i++)
        {
            _adapters[i].Network.Save($"{Name}.{i}.", tensors, pending);
        }

        foreach (var (name, tensor) in _loss.State)
        {
            tensors[$"{Name}.state.{name}"] = SavedTensors.ToData(tensor);
        }
    }

    internal override void Load(SavedTensors state, bool pending)
    {
        for (int i = 0; i < _adapters.Length; i++)
        {
            _adapters[i].Network.Load($"{Name}.{i}.", state, pending);
        }

        foreach (var (name, tensor) in _loss.State)
        {
            state.Copy($"{Name}.state.{name}", tensor);
        }
    }
}
