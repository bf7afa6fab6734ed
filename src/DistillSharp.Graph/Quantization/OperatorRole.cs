namespace DistillSharp.Graph.Quantization;

/// <summary>What the quantiser does about an operator.</summary>
internal enum OperatorRole
{
    /// <summary>It stays in float.</summary>
    None,

    /// <summary>It multiplies with a constant weight (Conv, ConvTranspose, Gemm, MatMul): what quantisation is for.</summary>
    Weighted,

    /// <summary>It multiplies two activations; quantised where one of them is.</summary>
    Product,

    /// <summary>It has integer kernels and a range of its own (Add, pooling); quantised where an input is.</summary>
    Follower,

    /// <summary>It moves or selects elements: outputs share the inputs' scale.</summary>
    PassThrough,

    /// <summary>It cuts the range (Relu, Clip), which the integers' own ends do.</summary>
    Rectifier,
}

/// <summary>Knows the operators' roles.</summary>
internal static class OperatorRoles
{
    /// <summary>Operators that only a quantised graph holds.</summary>
    private static readonly HashSet<string> s_quantized = new(StringComparer.Ordinal)
    {
        "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "QLinearConv", "QLinearMatMul", "ConvInteger", "MatMulInteger", "QLinearAdd", "QLinearMul", "QGemm",
    };

    public static bool IsQuantized(GraphNode node) => s_quantized.Contains(node.Operation);

    public static OperatorRole Of(ModelGraph graph, GraphNode node)
    {
        if (node.Domain.Length > 0)
        {
            return OperatorRole.None;
        }

        switch (node.Operation)
        {
            case "Conv" or "ConvTranspose" or "Gemm":
                return OperatorRole.Weighted;
            case "MatMul":
                return node.Inputs.Any(name => graph.FindInitializer(name) is not null) ? OperatorRole.Weighted : OperatorRole.Product;
            case "Add" or "Mul" or "AveragePool" or "GlobalAveragePool" or "Sigmoid" or "LeakyRelu":
                return OperatorRole.Follower;
            case "Reshape" or "Flatten" or "Transpose" or "Squeeze" or "Unsqueeze" or "Concat" or "Slice" or "Split" or "Gather" or "DepthToSpace" or "SpaceToDepth":
                return OperatorRole.PassThrough;
            case "MaxPool":
                // Positions of the maxima, and integers before operator set 12, are not to be had.
                return node.Outputs.Count(name => name.Length > 0) == 1 && graph.Opset >= 12 ? OperatorRole.PassThrough : OperatorRole.None;
            case "Resize":
                return node.Text("mode", "nearest") is "nearest" or "linear" ? OperatorRole.PassThrough : OperatorRole.None;
            case "Relu":
                return OperatorRole.Rectifier;
            case "Clip":
                return Bounds(graph, node) is { Low: <= 0, High: > 0 } ? OperatorRole.Rectifier : OperatorRole.None;
            default:
                return OperatorRole.None;
        }
    }

    /// <summary>Which inputs of a node are activations.</summary>
    public static IEnumerable<int> DataInputs(GraphNode node) => node.Operation switch
    {
        "Concat" or "Add" or "Mul" or "MatMul" => Enumerable.Range(0, node.Inputs.Count),
        _ => [0],
    };

    /// <summary>What a Relu or Clip cuts off; null where a bound is no constant.</summary>
    public static (double Low, double High)? Bounds(ModelGraph graph, GraphNode node)
    {
        if (node.Operation == "Relu")
        {
            return (0, double.PositiveInfinity);
        }

        double? Bound(int index, string attribute, double fallback) =>
            node.Attributes.ContainsKey(attribute) ? node.Float(attribute, 0)
            : node.InputOrNull(index) is not { } name ? fallback
            : graph.FindInitializer(name) is { Data: { Count: 1 } data } && data.Type.IsFloat() ? data.ToDoubles()[0] : null;
        return Bound(1, "min", double.NegativeInfinity) is { } low && Bound(2, "max", double.PositiveInfinity) is { } high ? (low, high) : null;
    }
}
