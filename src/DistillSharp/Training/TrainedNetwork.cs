using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Native;
using DistillSharp.Plugins;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>
/// A network and everything that moves it: clipping by the norm of its own gradient, its optimizer, the norm constraint, and the average of its weights. The student is one,
/// and so are each peer and each adapter. It does not own the executor.
/// </summary>
internal sealed class TrainedNetwork : IDisposable
{
    private const string OptimizerPrefix = "optimizer.";
    private readonly double _clipNorm, _maxNorm;
    private readonly bool _recomputes;

    /// <summary>Prepares training.</summary>
    /// <param name="executor">The network.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="plugins">Where its optimizer is found.</param>
    public TrainedNetwork(GraphExecutor executor, TrainingOptions options, PluginCatalogs plugins)
    {
        (Executor, _clipNorm, _maxNorm) = (executor, options.ClipNorm, options.MaxNorm);
        Optimizer = plugins.Optimizers.Create(options.Optimizer);
        _recomputes = options.EmaStatistics == EmaStatistics.Recomputed;
        Average = options.EmaDecay > 0 ? new WeightAverage(executor.Weights, options.EmaDecay, options.EmaTau, executor.Statistics, blended: !_recomputes) : null;
    }

    public GraphExecutor Executor { get; }

    public Optimizer Optimizer { get; }

    public WeightAverage? Average { get; }

    /// <summary>The weights as its file has them: averaged where there is an average.</summary>
    public Tensor Weights => Average?.Values ?? Executor.Weights.Values;

    /// <summary>The running statistics as its file has them.</summary>
    public Tensor Statistics => Average?.Statistics ?? Executor.Statistics.Values;

    public void ZeroGradients() => Executor.ZeroGradients();

    /// <summary>Multiplies the pending gradients.</summary>
    public void ScaleGradients(double factor) => Executor.Gradients.mul_(Number.Of(factor));

    /// <summary>Takes a step with the pending gradients.</summary>
    public void Step(OptimizerStep step)
    {
        Clip();
        Optimizer.Step(Executor.Weights, Executor.Gradients, step);
        if (_maxNorm > 0)
        {
            MaxNormConstraint.Apply(Executor.Weights, _maxNorm);
        }

        Average?.Update(step.Number);
    }

    /// <summary>Computes the running statistics of the averaged weights, where they are to be computed and there are any.</summary>
    /// <param name="batches">The batches; asked for only where they are needed.</param>
    public void RecomputeStatistics(Func<IEnumerable<TrainingBatch>> batches)
    {
        if (Average is null || !_recomputes || Executor.Statistics.Values.NumberOfElements == 0)
        {
            return;
        }

        SwapAverage();
        try
        {
            Executor.RecomputeStatistics(batches().Select(batch => batch.Input(Executor, step: 0)));
        }
        finally
        {
            SwapAverage();
        }
    }

    /// <summary>Puts the averaged values in place of the current ones; called again, puts these back.</summary>
    public void SwapAverage()
    {
        if (Average is null)
        {
            return;
        }

        Swap(Executor.Weights.Values, Average.Values);
        if (Average.Statistics is { } statistics)
        {
            Swap(Executor.Statistics.Values, statistics);
        }
    }

    /// <summary>Adds what must be saved for training to go on, under a prefix.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="tensors">The run's state.</param>
    /// <param name="pending">Whether gradients wait for the optimizer.</param>
    public void Save(string prefix, IDictionary<string, TensorData> tensors, bool pending)
    {
        tensors[$"{prefix}weights"] = SavedTensors.ToData(Executor.Weights.Values);
        tensors[$"{prefix}statistics"] = SavedTensors.ToData(Executor.Statistics.Values);
        if (pending)
        {
            tensors[$"{prefix}gradients"] = SavedTensors.ToData(Executor.Gradients);
        }

        foreach (var (name, tensor) in Optimizer.State)
        {
            tensors[$"{prefix}{OptimizerPrefix}{name}"] = SavedTensors.ToData(tensor);
        }

        if (Average is not null)
        {
            tensors[$"{prefix}average"] = SavedTensors.ToData(Average.Values);
        }

        if (Average?.Statistics is { } averaged)
        {
            tensors[$"{prefix}average.statistics"] = SavedTensors.ToData(averaged);
        }
    }

    /// <summary>Puts back what was saved.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="state">The run's state.</param>
    /// <param name="pending">Whether gradients wait for the optimizer.</param>
    public void Load(string prefix, SavedTensors state, bool pending)
    {
        state.Copy($"{prefix}weights", Executor.Weights.Values);
        state.Copy($"{prefix}statistics", Executor.Statistics.Values);
        if (pending)
        {
            state.Copy($"{prefix}gradients", Executor.Gradients);
        }

        foreach (string name in state.Under($"{prefix}{OptimizerPrefix}"))
        {
            Optimizer.Restore(name, state.Like($"{prefix}{OptimizerPrefix}{name}", Executor.Weights.Values));
        }

        if (Average is not null)
        {
            state.Copy($"{prefix}average", Average.Values);
        }

        if (Average?.Statistics is { } averaged)
        {
            state.Copy($"{prefix}average.statistics", averaged);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Average?.Dispose();
        Optimizer.Dispose();
    }

    private static void Swap(Tensor one, Tensor other)
    {
        using var guard = no_grad();
        using var kept = one.clone();
        one.copy_(other);
        other.copy_(kept);
    }

    private void Clip()
    {
        if (_clipNorm > 0)
        {
            using var norm = Executor.Gradients.norm();
            double length = norm.ToDouble();
            if (length > _clipNorm)
            {
                Executor.Gradients.mul_(Number.Of(_clipNorm / (length + 1e-6)));
            }
        }
    }
}
