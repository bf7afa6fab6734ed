using DistillSharp.Graph;
using DistillSharp.Graph.Analysis.Roles;
using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution;

/// <summary>
/// Trains a graph with libtorch: a compiled walk over its nodes. Weights, gradients and running statistics lie in flat
/// buffers. Not safe from several threads at once.
/// </summary>
public sealed partial class GraphExecutor : IDisposable
{
    private readonly ExecutionPlan _plan;
    private readonly Frame _frame;
    private readonly Generator _generator;
    private readonly ExecutorOptions _options;
    private readonly List<(int Slot, Tensor Value)> _constants = [];
    private readonly List<(GraphValue Value, int Slot)> _inputs;
    private readonly Dictionary<string, ElementType> _outputTypes;
    private readonly Device _device;
    private readonly ScalarType _type;

    /// <summary>Compiles a graph.</summary>
    /// <param name="graph">The graph. Its weights are copied; <see cref="WriteTo"/> brings them back.</param>
    /// <param name="options">What to compute, and in what precision; null for the defaults.</param>
    /// <exception cref="OperatorNotCoveredException">A needed node is not covered; the message names it.</exception>
    public GraphExecutor(ModelGraph graph, ExecutorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        NativeTorch.EnsureLoaded();
        _options = options ?? new();
        _type = TensorConversion.TypeOf(_options.Precision);
        _device = new Device(_options.Device);
        graph = graph.Clone();
        ConstantNodes.Hoist(graph);
        _plan = ExecutionPlan.Compile(graph, _options.Wanted);
        _generator = new Generator((ulong)_options.Seed, _device);

        var read = _plan.Steps.SelectMany(step => step.Node.Inputs).Concat(_plan.Wanted).ToHashSet(StringComparer.Ordinal);
        var used = graph.Initializers.Where(initializer => read.Contains(initializer.Name)).ToList();
        var roles = ParameterRoles.Of(graph);
        var statistics = RunningStatistics.Moved(graph, _plan.Nodes);
        Weights = new(used.Where(initializer => initializer.Trainable && !statistics.Contains(initializer.Name)), name => roles.Find(name)!.Role, _type, _device);
        Statistics = new(used.Where(initializer => statistics.Contains(initializer.Name)), _ => ParameterRole.Statistic, _type, _device);
        Gradients = zeros_like(Weights.Values);
        Weights.Read(graph);
        Statistics.Read(graph);

        foreach (var parameter in Weights.Parameters)
        {
            using var view = FlatBuffer.View(Weights.Values, parameter);
            var leaf = view.detach();
            leaf.requires_grad = true;
            using var gradient = FlatBuffer.View(Gradients, parameter);
            leaf.grad = gradient;
            _constants.Add((_plan.Slots.Of(parameter.Name), leaf));
        }

        foreach (var parameter in Statistics.Parameters)
        {
            _constants.Add((_plan.Slots.Of(parameter.Name), FlatBuffer.View(Statistics.Values, parameter)));
        }

        foreach (var initializer in used.Where(initializer => Weights.Find(initializer.Name) is null && Statistics.Find(initializer.Name) is null))
        {
            _constants.Add((_plan.Slots.Of(initializer.Name), TensorConversion.ToTensor(initializer.Data, _type, IsShape(initializer.Data) ? CPU : _device)));
        }

        _inputs = [.. graph.Inputs.Select(input => (input, _plan.Slots.Of(input.Name)))];
        _outputTypes = graph.Outputs.DistinctBy(output => output.Name).ToDictionary(output => output.Name, output => output.Type, StringComparer.Ordinal);
        _frame = new Frame(_plan.Slots.Count, _generator, _type, _device) { AllowSingleValues = _options.AllowSingleValues };
        foreach (var (slot, value) in _constants)
        {
            _frame[slot] = value;
        }
    }

    /// <summary>The trainable weights.</summary>
    public FlatBuffer Weights { get; }

    /// <summary>The running statistics of batch normalisation.</summary>
    public FlatBuffer Statistics { get; }

    /// <summary>The weights' gradients, <c>[count]</c>, laid out like <see cref="Weights"/>. Backward adds to them.</summary>
    public Tensor Gradients { get; }

    /// <summary>What floating-point values are computed in.</summary>
    public ScalarType Precision => _type;

    /// <summary>Where tensors live.</summary>
    public Device Device => _device;

    /// <summary>The names of the inputs.</summary>
    public IReadOnlyList<string> InputNames => [.. _inputs.Select(input => input.Value.Name)];

    /// <summary>Computes the wanted values in training mode: batch statistics, dropout, gradients recorded.</summary>
    /// <param name="input">The only input, in the executor's precision and on its device.</param>
    /// <param name="step">The step, from which dropout's masks are drawn.</param>
    public NamedTensors Train(Tensor input, long step)
    {
        Seed(step);
        return Forward(input, training: true);
    }

    /// <summary>Computes the wanted values in evaluation mode: running statistics, no dropout, no gradients.</summary>
    /// <param name="input">The only input, in the executor's precision and on its device.</param>
    public NamedTensors Evaluate(Tensor input)
    {
        using var guard = no_grad();
        return Forward(input, training: false);
    }

    /// <summary>Sets every gradient to zero.</summary>
    /// <remarks>TorchSharp's zero_ returns a second handle of the tensor, which would live until its finaliser ran; fill_ does not.</remarks>
    public void ZeroGradients() => Gradients.fill_(Number.Of(0));

    /// <summary>Copies weights and statistics into a graph.</summary>
    /// <param name="graph">A graph with initialisers of these names.</param>
    /// <param name="weights">Weights laid out like <see cref="Weights"/> (an average of them), or null for the current ones.</param>
    /// <param name="statistics">Statistics laid out like <see cref="Statistics"/>, or null for the current ones.</param>
    public void WriteTo(ModelGraph graph, Tensor? weights = null, Tensor? statistics = null)
    {
        Weights.Write(graph, weights);
        Statistics.Write(graph, statistics);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, value) in _constants)
        {
            value.Dispose();
        }

        Gradients.Dispose();
        Weights.Dispose();
        Statistics.Dispose();
        _generator.Dispose();
    }

    /// <summary>Shapes, axes and the like stay on the host, where shape arithmetic runs.</summary>
    private static bool IsShape(TensorData data) => data is { Type: ElementType.Int64 or ElementType.Int32, Shape.Count: <= 1, Count: <= 64 };

    private NamedTensors Forward(Tensor input, bool training)
    {
        if (_inputs.Count != 1)
        {
            throw new ArgumentException($"The graph has {_inputs.Count} inputs ({string.Join(", ", InputNames)}), but one tensor was given. Give them by name.", nameof(input));
        }

        Feed(0, input);
        return Forward(training);
    }

    private NamedTensors Forward(bool training)
    {
        _frame.Training = training;
        var values = new Dictionary<string, Tensor>(_plan.Wanted.Count, StringComparer.Ordinal);
        try
        {
            foreach (var step in _plan.Steps)
            {
                Run(step);
            }

            foreach (string name in _plan.Wanted)
            {
                int slot = _plan.Slots.Of(name);
                bool borrowed = _plan.Slots.ProducerOf(name) is null;
                values[name] = borrowed ? _frame[slot].alias() : _frame.Take(slot)!;
            }
        }
        finally
        {
            // After an error, what was computed so far must not stay on the native heap.
            foreach (int slot in _plan.Produced)
            {
                _frame.Take(slot)?.Dispose();
            }
        }

        return new(values);
    }

    private void Run(ExecutionPlan.Step step)
    {
        try
        {
            step.Run(_frame);
        }
        catch (Exception error) when (error is System.Runtime.InteropServices.ExternalException or ArgumentException or OverflowException)
        {
            var shapes = step.Node.Inputs.Where(name => name.Length > 0).Select(name => $"'{name}' [{string.Join(", ", _frame[_plan.Slots.Of(name)].shape)}]");
            throw new GraphException($"{step.Node} failed on {string.Join(", ", shapes)}: {error.Message.Split('\n')[0]}", error);
        }

        foreach (int slot in step.Dying)
        {
            _frame.Take(slot)?.Dispose();
        }
    }
}
