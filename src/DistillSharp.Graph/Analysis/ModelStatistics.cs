namespace DistillSharp.Graph.Analysis;

/// <summary>How large a model is: parameters, and multiply-accumulates of one input.</summary>
/// <param name="Parameters">Elements of trainable initialisers.</param>
/// <param name="ParameterTensors">Trainable initialisers.</param>
/// <param name="Frozen">Elements of initialisers that training does not change: running statistics, constants.</param>
/// <param name="Macs">Multiply-accumulates of convolutions and matrix products for one input; biases, norms and poolings count nothing. Null where a shape is unknown.</param>
/// <param name="Operators">How many nodes of each operator.</param>
public sealed record ModelStatistics(long Parameters, int ParameterTensors, long Frozen, long? Macs, IReadOnlyDictionary<string, int> Operators)
{
    /// <summary>Counts a model.</summary>
    /// <param name="graph">The model; it is not changed.</param>
    public static ModelStatistics Of(ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        graph = graph.Clone();
        ShapeInference.Infer(graph);
        var trainable = graph.Initializers.Where(initializer => initializer.Trainable).ToList();
        long? macs = MacsOf(graph);
        var operators = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes)
        {
            operators[node.Operation] = operators.GetValueOrDefault(node.Operation) + 1;
        }

        return new(
            trainable.Sum(initializer => initializer.Data.Count),
            trainable.Count,
            graph.Initializers.Where(initializer => !initializer.Trainable).Sum(initializer => initializer.Data.Count),
            macs,
            operators);
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
        if (node.Operation is not ("Conv" or "Gemm" or "MatMul"))
        {
            return 0;
        }

        var output = ShapeInference.Find(graph, node.Outputs.FirstOrDefault())?.Shape;
        var weight = ShapeInference.Find(graph, node.InputOrNull(1))?.Shape;
        if (output is null || weight is null || weight.Count < 2)
        {
            return null;
        }

        // Everything but the batch: one input.
        long? perInput = output.Skip(1).Aggregate((long?)1, (product, size) => product * size.Size);
        return node.Operation switch
        {
            "Conv" => perInput * weight.Skip(1).Aggregate((long?)1, (product, size) => product * size.Size),
            "Gemm" => perInput * weight[node.Int("transB", 0) != 0 ? 1 : 0].Size,
            _ => perInput * weight[^2].Size,
        };
    }
}
