using DistillSharp.Graph;
using DistillSharp.Graph.Analysis;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Taps;

/// <summary>A model that is tapped: its graph with the shapes of a batch.</summary>
public sealed class TapModel
{
    private readonly Lazy<StageMaps> _stages;
    private readonly Lazy<DetectionHead?> _head;
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
        HasFixedSize = Graph.Inputs[0].Shape is [_, _, { Size: not null }, { Size: not null }];
        DeclaredBatch = Graph.Inputs[0].Shape is [{ Size: { } own }, ..] ? own : null;
        long[] sizes = [batch, input.Channels, input.Height, input.Width];
        if (Graph.Inputs is [{ Shape.Count: 4 } only])
        {
            Graph.Inputs[0] = only with { Shape = [.. only.Shape.Select((size, i) => size.Size is null ? Dimension.Of(sizes[i]) : size)] };
        }

        // A file for one batch size answers in pieces; its values are as many rows as were asked for.
        _declared = DeclaredBatch ?? batch;
        Graph.KnownValues.Clear();
        ShapeInference.Infer(Graph);
        _stages = new(() => StageMaps.Of(Graph));
        _head = new(() => DetectionHead.Find(Graph));
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>The value that holds its answers.</summary>
    public string Logits => Graph.Outputs[0].Name;

    internal ModelGraph Graph { get; }

    internal StageMaps Stages => _stages.Value;

    /// <summary>Whether the file is for one picture size.</summary>
    internal bool HasFixedSize { get; }

    /// <summary>The one batch size that the file is for; null where any will do.</summary>
    internal long? DeclaredBatch { get; }

    /// <summary>The detector's head; null for other models.</summary>
    internal DetectionHead? Head => _head.Value;

    /// <summary>The maps that are compared where nothing is named: those the detector's head reads, else the last of each stage.</summary>
    internal IReadOnlyList<StageMaps.Map> Maps => Head is { } head ? [.. head.Levels.Select(level => level.Input)] : Stages.Maps;

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
