using DistillSharp.Graph;
using static TorchSharp.torch;

namespace DistillSharp.Execution;

/// <summary>Graphs of several inputs, of any element type.</summary>
public sealed partial class GraphExecutor
{
    /// <summary>Computes the wanted values in training mode: batch statistics, dropout, gradients recorded.</summary>
    /// <param name="inputs">The inputs by name: floats in the executor's precision, the rest in their declared type (unsigned ones of 16 bits and more as int64).</param>
    /// <param name="step">The step, from which dropout's masks are drawn.</param>
    /// <exception cref="ArgumentException">An input is missing, unknown, or of another type; the message names it.</exception>
    public NamedTensors Train(IReadOnlyDictionary<string, Tensor> inputs, long step)
    {
        Seed(step);
        Feed(inputs);
        return Forward(training: true);
    }

    /// <summary>Computes the wanted values in evaluation mode: running statistics, no dropout, no gradients.</summary>
    /// <param name="inputs">The inputs by name: floats in the executor's precision, the rest in their declared type (unsigned ones of 16 bits and more as int64).</param>
    /// <exception cref="ArgumentException">An input is missing, unknown, or of another type; the message names it.</exception>
    public NamedTensors Evaluate(IReadOnlyDictionary<string, Tensor> inputs)
    {
        using var guard = no_grad();
        Feed(inputs);
        return Forward(training: false);
    }

    /// <summary>Computes the wanted values in evaluation mode from constants, and gives them in their declared element types.</summary>
    /// <param name="inputs">The inputs by name, in their declared types.</param>
    /// <returns>The wanted values by name.</returns>
    /// <exception cref="GraphException">A number does not fit its declared type.</exception>
    public IReadOnlyDictionary<string, TensorData> Evaluate(IReadOnlyDictionary<string, TensorData> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            foreach (var (name, data) in inputs)
            {
                tensors.Add(name, ToInput(data));
            }

            using var outputs = Evaluate(tensors);
            return outputs.Names.ToDictionary(name => name, name => ToData(name, outputs[name]), StringComparer.Ordinal);
        }
        finally
        {
            foreach (var tensor in tensors.Values)
            {
                tensor.Dispose();
            }
        }
    }

    /// <summary>A constant as a tensor that may be fed: floats in the executor's precision, on its device. The caller owns it.</summary>
    /// <param name="data">The constant.</param>
    public Tensor ToInput(TensorData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return TensorConversion.ToTensor(data, _type, _device);
    }

    /// <summary>A computed value as a constant of the element type the graph declares for it; where it declares none, of the tensor's own.</summary>
    /// <param name="name">The value's name.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="GraphException">A number does not fit the type.</exception>
    public TensorData ToData(string name, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        using var guard = no_grad();
        using var host = value.cpu();
        var declared = _outputTypes.GetValueOrDefault(name);
        return TensorConversion.ToData(host, declared is ElementType.Undefined ? TensorConversion.ElementTypeOf(host.dtype) : declared, value.shape);
    }

    private void Feed(IReadOnlyDictionary<string, Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Keys.FirstOrDefault(name => !_inputs.Exists(input => input.Value.Name == name)) is { } unknown)
        {
            throw new ArgumentException($"The graph has no input '{unknown}'; its inputs are {string.Join(", ", InputNames)}.", nameof(inputs));
        }

        for (int i = 0; i < _inputs.Count; i++)
        {
            string name = _inputs[i].Value.Name;
            if (inputs.TryGetValue(name, out var value))
            {
                Feed(i, value);
            }
            else if (_plan.Slots.ReaderCount(name) > 0 || _plan.Slots.IsWanted(name))
            {
                throw new ArgumentException($"The input '{name}' was not given; the graph's inputs are {string.Join(", ", InputNames)}.", nameof(inputs));
            }
        }
    }

    private void Feed(int index, Tensor input)
    {
        var (value, slot) = _inputs[index];
        bool floating = IsFloat(value.Type) || (value.Type is ElementType.Undefined && input.is_floating_point());
        if (floating && input.dtype != _type)
        {
            throw new ArgumentException($"The executor computes in {_type}, but the input holds {input.dtype} ('{value.Name}').", nameof(input));
        }

        if (!floating && value.Type is not ElementType.Undefined && input.dtype != TensorConversion.TypeOf(value.Type))
        {
            throw new ArgumentException($"The input '{value.Name}' is {value.Type}, which runs as {TensorConversion.TypeOf(value.Type)}, but the tensor holds {input.dtype}.", nameof(input));
        }

        _frame[slot] = input;
    }

    private static bool IsFloat(ElementType type) => type is ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16;

    // A function of (seed, step): a resumed run draws what the uninterrupted one drew.
    private void Seed(long step) => _generator.manual_seed(unchecked((_options.Seed * 1_000_003) + step) & long.MaxValue);
}
