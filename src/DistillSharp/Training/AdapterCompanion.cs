using DistillSharp.Adapters;
using DistillSharp.Graph;
using DistillSharp.Losses;
using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>A loss's adapters, trained with the student's optimiser settings and saved in the run's state.</summary>
/// <param name="key">The loss's key in the objective.</param>
/// <param name="loss">The loss; it is not owned.</param>
/// <param name="optimizers">Makes an optimiser for each adapter.</param>
internal sealed class AdapterCompanion(string key, DistillationLoss loss, Func<Optimizer> optimizers) : Companion, IDisposable
{
    private readonly (AdapterNetwork Network, Optimizer Optimizer)[] _adapters = [.. loss.Adapters.Select(adapter => (adapter, optimizers()))];

    public override string Name => $"adapter.{key}";

    public override void ZeroGradients()
    {
        foreach (var (network, _) in _adapters)
        {
            network.Executor.ZeroGradients();
        }
    }

    public override void Step(OptimizerStep step)
    {
        foreach (var (network, optimizer) in _adapters)
        {
            var executor = network.Executor;
            if (executor.Weights.Values.NumberOfElements == 0)
            {
                continue;
            }

            if (network.GradientFactor != 1)
            {
                executor.Gradients.mul_(Number.Of(network.GradientFactor));
            }

            optimizer.Step(executor.Weights, executor.Gradients, step);
        }
    }

    public void Dispose()
    {
        foreach (var (_, optimizer) in _adapters)
        {
            optimizer.Dispose();
        }
    }

    internal override void Save(IDictionary<string, TensorData> tensors, bool pending)
    {
        for (int i = 0; i < _adapters.Length; i++)
        {
            var (network, optimizer) = _adapters[i];
            string prefix = $"{Name}.{i}.";
            ExecutorState.Save(prefix, network.Executor, optimizer, tensors, pending);
        }

        foreach (var (name, tensor) in loss.State)
        {
            tensors[$"{Name}.state.{name}"] = SavedTensors.ToData(tensor);
        }
    }

    internal override void Load(SavedTensors state, bool pending)
    {
        for (int i = 0; i < _adapters.Length; i++)
        {
            var (network, optimizer) = _adapters[i];
            ExecutorState.Load($"{Name}.{i}.", network.Executor, optimizer, state, pending);
        }

        foreach (var (name, tensor) in loss.State)
        {
            state.Copy($"{Name}.state.{name}", tensor);
        }
    }
}
