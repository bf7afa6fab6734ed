namespace DistillSharp.Graph.Passes;

/// <summary>The activation behind a layer, as a quantiser sees it: the layer and it are one unit, with one quantised output.</summary>
/// <remarks>
/// After <see cref="NormalizeActivationsPass"/> an activation is one node (Relu, Clip with constant bounds, HardSwish, ...), except SiLU, which ONNX has no
/// operator for: it is <c>Mul(x, Sigmoid(x))</c>, the Sigmoid before the Mul, and the Mul's first input the layer's output.
/// </remarks>
/// <param name="Nodes">The activation's nodes, in order.</param>
/// <param name="Output">The value that comes out of the unit.</param>
public sealed record ActivationUnit(IReadOnlyList<GraphNode> Nodes, string Output)
{
    private static readonly HashSet<string> s_single = new(
        ["Relu", "Clip", "LeakyRelu", "PRelu", "Elu", "Celu", "Selu", "HardSwish", "HardSigmoid", "Sigmoid", "Tanh", "Gelu", "Mish", "Softplus", "ThresholdedRelu"], StringComparer.Ordinal);

    /// <summary>Finds the activation behind a node.</summary>
    /// <param name="uses">Who reads what in the graph.</param>
    /// <param name="layer">The layer.</param>
    /// <returns>The activation, or null if the layer's output is read otherwise.</returns>
    public static ActivationUnit? Behind(GraphUses uses, GraphNode layer)
    {
        ArgumentNullException.ThrowIfNull(uses);
        ArgumentNullException.ThrowIfNull(layer);
        string value = layer.Outputs[0];
        if (uses.OnlyReader(value) is { } only)
        {
            return only.Domain.Length == 0 && s_single.Contains(only.Operation) && only.Inputs[0] == value ? new([only], only.Outputs[0]) : null;
        }

        return Silu(uses, value) is { } pair ? new([pair.Sigmoid, pair.Product], pair.Product.Outputs[0]) : null;
    }

    /// <summary>The Sigmoid and the product behind a value that is read by these alone.</summary>
    internal static (GraphNode Sigmoid, GraphNode Product)? Silu(GraphUses uses, string value)
    {
        var readers = uses.Readers(value);
        return !uses.IsOutput(value) && readers.Count == 2 && readers.FirstOrDefault(use => use.Node is { Domain: "", Operation: "Sigmoid" })?.Node is { } sigmoid
            && readers.FirstOrDefault(use => use is { Index: >= 0, Node: { Domain: "", Operation: "Mul" } })?.Node is { } product
            && ReferenceEquals(uses.OnlyReader(sigmoid.Outputs[0]), product)
            ? (sigmoid, product)
            : null;
    }
}
