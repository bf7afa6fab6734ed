namespace DistillSharp.Graph.Quantization;

/// <summary>Which nodes of a graph compute in INT8, and which values get a scale.</summary>
/// <remarks>The plan follows from the graph and the options alone, so the same graph gets the same plan again.</remarks>
public sealed class QuantizationPlan
{
    /// <summary>The least operator set whose QuantizeLinear knows one scale a channel.</summary>
    public const int LeastOpset = 13;

    internal QuantizationPlan(IReadOnlyList<GraphNode> nodes, IReadOnlyList<GraphNode> weighted, IReadOnlyList<string> notes, IReadOnlyList<QuantizedValue> values)
    {
        (Nodes, Weighted, Notes, Values) = (nodes, weighted, notes, values);
        NodeSet = new(nodes, ReferenceEqualityComparer.Instance);
    }

    /// <summary>The nodes that are quantised, in the graph's order.</summary>
    public IReadOnlyList<GraphNode> Nodes { get; }

    /// <summary>Those of <see cref="Nodes"/> that multiply with a weight: Conv, ConvTranspose, Gemm, MatMul.</summary>
    public IReadOnlyList<GraphNode> Weighted { get; }

    /// <summary>What stays in float and why, each naming its node.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The values that get a scale.</summary>
    public IReadOnlyList<QuantizedValue> Values { get; }

    /// <summary>The values whose numbers must be seen to choose the ranges.</summary>
    public IEnumerable<QuantizedValue> Observed => Values.Where(value => value.IsObserved);

    /// <summary>How many Conv, ConvTranspose, Gemm and MatMul stay in float.</summary>
    public int FloatLayers { get; internal init; }

    internal HashSet<GraphNode> NodeSet { get; }

    /// <summary>Plans a graph.</summary>
    /// <param name="graph">The graph, BatchNormalization folded.</param>
    /// <param name="options">How it is quantised.</param>
    /// <exception cref="GraphException">It is quantised already, holds nothing to quantise, has computed weights, or an option names no node of it.</exception>
    public static QuantizationPlan Of(ModelGraph graph, QuantizationOptions options)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        return QuantizationPlanner.Plan(graph, options);
    }
}

/// <summary>A value that gets a scale.</summary>
/// <param name="Name">The value's name, in the float graph and in the quantised one.</param>
/// <param name="Source">The value that is quantised: the same, or what the Relu before it reads, where the integers' range does the Relu.</param>
/// <param name="Group">Values of one group share their scale; groups are numbered from 0.</param>
/// <param name="IsObserved">Whether its numbers choose the range; not where it only holds numbers of others in the group.</param>
/// <param name="Rectifier">The Relu or Clip that makes it, if the integers' range can do it; else null.</param>
/// <param name="Bounds">What that Relu or Clip, or one further up, cuts off.</param>
public sealed record QuantizedValue(string Name, string Source, int Group, bool IsObserved, GraphNode? Rectifier, (double Low, double High) Bounds);
