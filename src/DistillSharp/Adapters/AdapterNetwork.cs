using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Losses;
using static TorchSharp.torch;

namespace DistillSharp.Adapters;

/// <summary>
/// A small network between student and teacher, trained with the student and, but for a loss that brings the end of the student's file, thrown away after: a graph like every model, in an executor of its own.
/// </summary>
public sealed class AdapterNetwork : IDisposable
{
    /// <summary>Draws the weights and compiles the graph.</summary>
    /// <param name="graph">The graph; what it marks trainable is drawn and trained.</param>
    /// <param name="setup">Seed, precision and device.</param>
    public AdapterNetwork(ModelGraph graph, LossSetup setup)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(setup);
        WeightInitializer.Draw(graph, setup.Seed);
        Executor = new(graph, new() { Precision = setup.Precision, Device = setup.Device, Seed = setup.Seed, AllowSingleValues = true });
        Graph = graph;
    }

    /// <summary>The graph; its initialisers hold the weights it started with.</summary>
    public ModelGraph Graph { get; }

    /// <summary>What runs it, and holds its weights, statistics and gradients.</summary>
    public GraphExecutor Executor { get; }

    /// <summary>The factor of its gradients; below 0 for what learns against the student. Default 1.</summary>
    public double GradientFactor { get; set; } = 1;

    /// <summary>Computes the outputs in training mode; gradients reach the weights and the inputs.</summary>
    /// <param name="inputs">The inputs by name.</param>
    /// <param name="step">The 0-based step.</param>
    public NamedTensors Run(IReadOnlyDictionary<string, Tensor> inputs, long step) => Executor.Train(inputs, step);

    /// <inheritdoc/>
    public void Dispose() => Executor.Dispose();
}
