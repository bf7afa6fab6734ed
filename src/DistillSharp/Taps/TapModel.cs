using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Taps;

/// <summary>A model that is tapped: its graph with the shapes of a batch.</summary>
public sealed class TapModel
{
    private readonly Lazy<StageMaps> _stages;
    private readonly long _batch, _declared;

    /// <summary>Works out the shapes.</summary>
    /// <param name="name">What messages call it: <c>student</c>, <c>teacher</c>.</param>
    /// <param name="graph">The graph; it is not changed.</param>
    /// <param name="input">The pictures it sees.</param>
    /// <param name="batch">The batch size.</param>
    public TapModel(string name, ModelGraph graph, ImageInput input, int batch)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(input);
        Name = name;
        _batch = batch;
        Graph = graph.Clone();
        long[] sizes = [batch, input.Channels, input.Height, input.Width];
        if (Graph.Inputs is [{ Shape.Count: 4 } only])
        {
            Graph.Inputs[0] = only with { Shape = [.. only.Shape.Select((size, i) => size.Size is null ? Dimension.Of(sizes[i]) : size)] };
        }

        // A file for one batch size answers in pieces; its values are as many rows as were asked for.
        _declared = Graph.Inputs[0].Shape is [{ Size: { } told }, ..] ? told : batch;
        Graph.KnownValues.Clear();
        ShapeInference.Infer(Graph);
        _stages = new(() => StageMaps.Of(Graph));
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>The value that holds its answers.</summary>
    public string Logits => Graph.Outputs[0].Name;

    internal ModelGraph Graph { get; }

    internal StageMaps Stages => _stages.Value;

    /// <summary>The shape of a value; null where an operator without a rule made it.</summary>
    /// <param name="value">The value's name.</param>
    public IReadOnlyList<long>? ShapeOf(string value)
    {
        if (ShapeInference.Find(Graph, value)?.Shape is not { } shape || shape.Any(size => size.Size is null))
        {
            return null;
        }

        long[] sizes = [.. shape.Select(size => size.Size!.Value)];
        if (sizes.Length > 0 && sizes[0] == _declared)
        {
            sizes[0] = _batch;
        }

        return sizes;
    }
}
