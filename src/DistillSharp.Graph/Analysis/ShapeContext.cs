namespace DistillSharp.Graph.Analysis;

/// <summary>A node as a shape rule sees it.</summary>
internal sealed class ShapeContext(ModelGraph graph, GraphNode node, GraphValue first)
{
    public GraphNode Node => node;

    public int Opset => graph.Opset;

    /// <summary>The first input's dimensions.</summary>
    public IReadOnlyList<Dimension> X => first.Shape!;

    /// <summary>The dimensions of an input, or null if unknown or left out.</summary>
    public IReadOnlyList<Dimension>? Shape(int index) => ShapeInference.Find(graph, node.InputOrNull(index))?.Shape;

    /// <summary>The integers of a constant input, or null if left out or computed.</summary>
    public long[]? Integers(int index) =>
        graph.FindInitializer(node.InputOrNull(index))?.Data is { Type: ElementType.Int64 } data ? data.AsSpan<long>().ToArray() : null;

    /// <summary>An axis counted from the front.</summary>
    public int Axis(long axis, int rank) =>
        axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw Contradiction($"axis {axis} is outside a value of {rank} dimensions");

    public GraphException Contradiction(string what) =>
        new($"{node}: {what}; its inputs are {string.Join(", ", node.Inputs.Where(name => name.Length > 0).Select(name => ShapeInference.Find(graph, name)?.ToString() ?? name))}.");
}
