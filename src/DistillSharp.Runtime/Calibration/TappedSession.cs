using DistillSharp.Graph;
using DistillSharp.Graph.Format;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Runtime.Calibration;

/// <summary>Runs a graph and shows some of its values: inputs, inner ones and outputs.</summary>
internal sealed class TappedSession : IDisposable
{
    private readonly ModelSession _session;
    private readonly string _input;
    private readonly string[] _made;
    private readonly bool _showsInput;

    public TappedSession(ModelGraph graph, IReadOnlyList<string> names, int threads)
    {
        if (graph.Inputs is not [{ Type: ElementType.Float32 } input])
        {
            throw new GraphException($"The model takes {string.Join(", ", graph.Inputs)}; only models of one float32 input can be calibrated. Quantise it dynamically instead.");
        }

        _input = input.Name;
        _showsInput = names.Contains(_input);
        _made = [.. names.Where(name => name != _input)];
        _session = ModelSession.Open(OnnxFile.Serialize(new TapPass(_made).Apply(graph).Graph), new() { Threads = threads });
    }

    /// <summary>Looks at a value by its name.</summary>
    public delegate void Look(string name, ReadOnlySpan<float> values, ReadOnlySpan<long> shape);

    /// <summary>Runs a batch and shows every value.</summary>
    public void Run(CalibrationBatch batch, Look look, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        long[] shape = [.. batch.Shape];
        if (shape.Length != _session.InputShape.Count || shape.Zip(_session.InputShape).Any(pair => pair.Second is { } size && size != pair.First) || TensorData.CountOf(shape) != batch.Pixels.Length)
        {
            throw new GraphException($"A calibration batch is [{string.Join(", ", shape)}]{(shape.All(size => size >= 0) && TensorData.CountOf(shape) == batch.Pixels.Length ? "" : $" and holds {batch.Pixels.Length} numbers")}, but the model's input '{_input}' is [{string.Join(", ", _session.InputShape.Select(size => size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"))}].");
        }

        if (_showsInput)
        {
            look(_input, batch.Pixels.Span, shape);
        }

        if (_made.Length > 0)
        {
            _session.Run(batch.Pixels, shape, _made, (index, values, sizes) => look(_made[index], values, sizes));
        }
    }

    public void Dispose() => _session.Dispose();
}
