namespace DistillSharp.Graph.Analysis;

/// <summary>How large a model is: parameters, and multiply-accumulates of one input.</summary>
/// <param name="Parameters">Elements of trainable initialisers and of the weights and biases of a quantized graph.</param>
/// <param name="ParameterTensors">The initialisers that hold them.</param>
/// <param name="Frozen">Elements of all other initialisers: running statistics, scales, constants.</param>
/// <param name="Macs">Multiply-accumulates of convolutions and matrix products, of floats or integers, for one input; biases, norms and poolings count nothing. Null where a shape is unknown.</param>
/// <param name="Operators">How many nodes of each operator.</param>
public sealed record ModelStatistics(long Parameters, int ParameterTensors, long Frozen, long? Macs, IReadOnlyDictionary<string, int> Operators)
{
    /// <summary>Elements of those <see cref="Parameters"/> that cannot be trained, since they are stored as integers or added to an integer product; 0 for a float graph.</summary>
    public long Quantized { get; private init; }

    /// <summary>Counts a model.</summary>
    /// <param name="graph">The model; it is not changed.</param>
    public static ModelStatistics Of(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        graph = graph.Clone();
        ShapeInference.Infer(graph);
        var quantized = QuantizedParameters.Of(graph);
        var parameters = graph.Initializers.Where(initializer => initializer.Trainable).Concat(quantized).ToList();
        long count = parameters.Sum(initializer => initializer.Data.Count);
        long? macs = MacsOf(graph);
        var operators = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
        {
            operators[node.Operation] = operators.GetValueOrDefault(node.Operation) + 1;
        }

        return new(
            count,
            parameters.Count,
            graph.Initializers.Sum(initializer => initializer.Data.Count) - count,
            macs,
            operators)
        {
            Quantized = quantized.Sum(initializer => initializer.Data.Count),
        };
    }

    /// <summary>The multiply-accumulates of one input.</summary>
    /// <param name="graph">The model, its shapes inferred.</param>
    /// <returns>Null where a shape is unknown.</returns>
    public static long? MacsOf(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        long? macs = 0;
        foreach (var node in graph.Nodes)
        {
            macs += MacsOf(graph, node);
        }

        return macs;
    }

    private static long? MacsOf(ModelGraph graph, GraphNode node)
    {
        if (WeightInput(node) is not { } slot)
        {
            return 0;
        }

        var output = ShapeInference.Find(graph, node.Outputs.FirstOrDefault())?.Shape;
        var weight = ShapeInference.Find(graph, node.InputOrNull(slot))?.Shape;
        if (output is null || weight is null || weight.Count < 2)
        {
            return null;
        }

        // Everything but the batch: one input.
        long? perInput = output.Skip(1).Aggregate((long?)1, (product, size) => product * size.Size);
        return node.Operation switch
        {
            "Conv" or "ConvInteger" or "QLinearConv" => perInput * weight.Skip(1).Aggregate((long?)1, (product, size) => product * size.Size),
            "Gemm" => perInput * weight[node.Int("transB", 0) != 0 ? 1 : 0].Size,
            _ => perInput * weight[^2].Size,
        };
    }

    /// <summary>Where a convolution or a matrix product has its weight; null for other operators.</summary>
    private static int? WeightInput(GraphNode node) => node.Operation switch
    {
        "Conv" or "Gemm" or "MatMul" or "ConvInteger" or "MatMulInteger" => 1,
        "QLinearConv" or "QLinearMatMul" => 3,
        _ => null,
    };
}
