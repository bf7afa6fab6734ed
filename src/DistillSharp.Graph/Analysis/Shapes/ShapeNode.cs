namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>A node as a shape rule sees it.</summary>
internal sealed class ShapeNode(ModelGraph graph, GraphNode node, KnownNumbers numbers)
{
    public GraphNode Node => node;

    public int Opset => graph.Opset;

    /// <summary>The first input's dimensions; the rule is only asked if they are known.</summary>
    public IReadOnlyList<Dimension> X => Shape(0)!;

    /// <summary>Whether an input is there.</summary>
    public bool Given(int index) => node.InputOrNull(index) is not null;

    /// <summary>The dimensions of an input, or null if unknown or left out.</summary>
    public IReadOnlyList<Dimension>? Shape(int index) => ShapeInference.Find(graph, node.InputOrNull(index))?.Shape;

    /// <summary>The element type of an input; undefined if unknown or left out.</summary>
    public ElementType Type(int index) => ShapeInference.Find(graph, node.InputOrNull(index))?.Type ?? ElementType.Undefined;

    /// <summary>The constant at an input, or null if left out or computed.</summary>
    public TensorData? Constant(int index) => numbers.Constant(node.InputOrNull(index));

    /// <summary>The integers of an input, or null if left out or computed.</summary>
    public long[]? Integers(int index) => Constant(index) is { } data && data.Type.IsInteger() ? data.ToLongs() : null;

    /// <summary>The integers of an input, each known or not; null if left out, or if nothing is known of them.</summary>
    public SymbolicInteger[]? Numbers(int index) => numbers.Integers(node.InputOrNull(index));

    /// <summary>The sizes an input holds: as far as they are known, or as many unknown ones as it has elements; null if not even that is known.</summary>
    public Dimension[]? Sizes(int index)
    {
        if (Numbers(index) is { } known)
        {
            return known.Any(size => size.Value < 0) ? throw Contradiction($"[{string.Join(", ", known)}] is no shape") : [.. known.Select(size => size.Dimension)];
        }

        return Shape(index) is [{ Size: <= 64 and { } rank }] ? new Dimension[rank] : null;
    }

    /// <summary>The numbers of a float input, or null if left out or computed.</summary>
    public float[]? Floats(int index) => Constant(index) is { } data && data.Type.IsFloat() ? Array.ConvertAll(data.ToDoubles(), value => (float)value) : null;

    /// <summary>An axis counted from the front.</summary>
    public int Axis(long axis, int rank) =>
        axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw Contradiction($"axis {axis} is outside a value of {rank} dimensions");

    /// <summary>An output of the first input's type.</summary>
    public Inferred Like(IReadOnlyList<Dimension>? shape) => new(Type(0), shape);

    public GraphException Contradiction(string what) =>
        new($"{node}: {what}; its inputs are {string.Join(", ", node.Inputs.Where(name => name.Length > 0).Select(name => ShapeInference.Find(graph, name)?.ToString() ?? name))}.");
}
