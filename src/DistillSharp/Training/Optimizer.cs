using DistillSharp.Execution;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>Turns gradients into a step of the weights, on flat buffers: a few operations however many weights there are. One plug-in a class.</summary>
public abstract class Optimizer : IDisposable
{
    private readonly SortedDictionary<string, Tensor> _state = new(StringComparer.Ordinal);

    /// <summary>The learning rate before the schedule's factor.</summary>
    public abstract double LearningRate { get; }

    /// <summary>The momentum, or what stands in for it: a warm-up may begin with less. 0 where there is none.</summary>
    public virtual double Momentum => 0;

    /// <summary>What must be saved for training to go on as if it had not stopped, by name; laid out like the weights.</summary>
    public IReadOnlyDictionary<string, Tensor> State => _state;

    /// <summary>Takes a step. Gradients may be changed on the way.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="gradients">Their gradients, laid out alike.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    /// <param name="step">The 0-based step.</param>
    public void Step(FlatBuffer weights, Tensor gradients, double factor, long step) => Step(weights, gradients, new OptimizerStep(LearningRate * factor, step));

    /// <summary>Takes a step. Gradients may be changed on the way.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="gradients">Their gradients, laid out alike.</param>
    /// <param name="step">Its size.</param>
    public void Step(FlatBuffer weights, Tensor gradients, OptimizerStep step)
    {
        using var guard = no_grad();
        Update(weights, gradients, step);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _state.Values)
        {
            tensor.Dispose();
        }

        _state.Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>The step's formula, without gradients recorded.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="gradients">Their gradients, laid out alike.</param>
    /// <param name="step">Its size.</param>
    protected abstract void Update(FlatBuffer weights, Tensor gradients, OptimizerStep step);

    /// <summary>Does something to the weights with their learning rate: to all at once where biases have none of their own, else in two parts.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="step">The step's size.</param>
    /// <param name="change">Told a part of the flat buffer (first element, count) and its learning rate.</param>
    protected static void ForEachRate(FlatBuffer weights, OptimizerStep step, Action<long, long, double> change)
    {
        long all = weights.Values.NumberOfElements, front = step.BiasLearningRate is null ? all : all - weights.BiasCount;
        if (front > 0)
        {
            change(0, front, step.LearningRate);
        }

        if (front < all)
        {
            change(front, all - front, step.BiasLearningRate!.Value);
        }
    }

    /// <summary>A buffer of the state, made of zeros at the first asking.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="weights">The weights whose layout it has.</param>
    protected Tensor StateLike(string name, FlatBuffer weights)
    {
        if (!_state.TryGetValue(name, out var tensor))
        {
            _state.Add(name, tensor = zeros_like(weights.Values));
        }

        return tensor;
    }

    /// <summary>Puts saved state in place.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tensor">The saved buffer; the optimiser owns it from here.</param>
    internal void Restore(string name, Tensor tensor) => _state[name] = tensor;
}
