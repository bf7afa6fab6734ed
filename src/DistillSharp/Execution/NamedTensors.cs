using static TorchSharp.torch;

namespace DistillSharp.Execution;

/// <summary>Tensors by name: what an executor or a teacher gives for a batch. Dispose it after the backward pass.</summary>
public sealed class NamedTensors : IDisposable
{
    private readonly Dictionary<string, Tensor> _values;

    internal NamedTensors(Dictionary<string, Tensor> values) => _values = values;

    /// <summary>The names, in the order they were asked for.</summary>
    public IReadOnlyCollection<string> Names => _values.Keys;

    /// <summary>A value; owned by this object.</summary>
    /// <param name="name">Its name.</param>
    public Tensor this[string name] => _values[name];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in _values.Values)
        {
            value.Dispose();
        }
    }
}
