using DistillSharp.Execution;
using DistillSharp.Graph;

namespace DistillSharp.Training;

/// <summary>What of a model in training must be saved: weights, statistics, the optimiser's state, and gradients that wait for it.</summary>
internal static class ExecutorState
{
    private const string Optimizer = "optimizer.";

    /// <summary>Adds it under a prefix.</summary>
    public static void Save(string prefix, GraphExecutor executor, Optimizer optimizer, IDictionary<string, TensorData> tensors, bool pending)
    {
        tensors[$"{prefix}weights"] = SavedTensors.ToData(executor.Weights.Values);
        tensors[$"{prefix}statistics"] = SavedTensors.ToData(executor.Statistics.Values);
        if (pending)
        {
            tensors[$"{prefix}gradients"] = SavedTensors.ToData(executor.Gradients);
        }

        foreach (var (name, tensor) in optimizer.State)
        {
            tensors[$"{prefix}{Optimizer}{name}"] = SavedTensors.ToData(tensor);
        }
    }

    /// <summary>Puts it back.</summary>
    public static void Load(string prefix, GraphExecutor executor, Optimizer optimizer, SavedTensors state, bool pending)
    {
        state.Copy($"{prefix}weights", executor.Weights.Values);
        state.Copy($"{prefix}statistics", executor.Statistics.Values);
        if (pending)
        {
            state.Copy($"{prefix}gradients", executor.Gradients);
        }

        foreach (string name in state.Under($"{prefix}{Optimizer}"))
        {
            optimizer.Restore(name, state.Like($"{prefix}{Optimizer}{name}", executor.Weights.Values));
        }
    }
}
