using DistillSharp.Execution;
using static TorchSharp.torch;

namespace DistillSharp.Training;

/// <summary>Turns gradients into a step of the weights, on flat buffers: a few operations however many weights there are. One plug-in a class.</summary>
public abstract class Optimizer : IDisposable
{
    private readonly SortedDictionary<string, Tensor> _state = new(StringComparer.Ordinal);

    /// <summary>The learning rate before the schedule's factor.</summary>
    public abstract double LearningRate { get; }

    /// <summary>What must be saved for training to go on as if it had not stopped, by name; laid out like the weights.</summary>
    public IReadOnlyDictionary<string, Tensor> State => _state;

    /// <summary>Takes a step. Gradients may be changed on the way.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="gradients">Their gradients, laid out alike.</param>
    /// <param name="factor">The schedule's factor of the learning rate.</param>
    /// <param name="step">The 0-based step.</param>
    public void Step(FlatBuffer weights, Tensor gradients, double factor, long step)
    {
        using var guard = no_grad();
        Update(weights, gradients, LearningRate * factor, step);
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
    /// <param name="learningRate">The learning rate of this step.</param>
    /// <param name="step">The 0-based step.</param>
    protected abstract void Update(FlatBuffer weights, Tensor gradients, double learningRate, long step);

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
