namespace DistillSharp.Graph.Quantization;

/// <summary>What the quantiser knows of Conv, ConvTranspose, Gemm and MatMul: where the weight is, and which axis holds its output channels.</summary>
internal static class WeightedLayer
{
    /// <summary>Why a layer cannot be quantised; null if it can.</summary>
    /// <exception cref="GraphException">The weight of a Conv is computed, which is nearly always a mistake.</exception>
    public static string? Obstacle(ModelGraph graph, GraphNode node)
    {
        var weight = graph.FindInitializer(node.InputOrNull(1));
        if (node.Operation == "Conv" && weight is null)
        {
            throw new GraphException($"The weight '{node.InputOrNull(1)}' of {node} is computed by other nodes, so it has no INT8 form. Fold constants first, or leave the node in float: --keep-float {(node.Name.Length > 0 ? node.Name : node.Outputs[0])}.");
        }

        if (weight is null || graph.FindInitializer(node.InputOrNull(0)) is not null)
        {
            return "it does not multiply a value by a constant weight";
        }

        if (weight.Data.Type != ElementType.Float32)
        {
            return $"its weight is {weight.Data.Type}, not Float32";
        }

        if (weight.Data.Count == 0 || (node.Operation == "Conv" && weight.Data.Shape.Count < 3) || (node.Operation == "Gemm" && weight.Data.Shape.Count != 2))
        {
            return $"its weight is [{string.Join(", ", weight.Data.Shape)}], which no {node.Operation} takes";
        }

        long groups = node.Operation == "Conv" ? node.Int("group", 1) : 1;
        if (groups < 1 || (node.Operation == "Conv" && weight.Data.Shape[0] % groups != 0))
        {
            return $"its {weight.Data.Shape[0]} channels do not fall into {groups} groups";
        }

        if (node.Operation == "MatMul" ? weight.Data.Shape.Count != 2 : node.Operation == "Gemm" && (node.Int("transA", 0) != 0 || node.Float("alpha", 1) != 1 || node.Float("beta", 1) != 1))
        {
            return node.Operation == "Gemm" ? "it transposes its input, or scales its product" : $"its weight is [{string.Join(", ", weight.Data.Shape)}], not a matrix";
        }

        // A transposed filter is [in, out / groups, ...]: its groups share the scales.
        long channels = weight.Data.Shape[Axis(node)] * (node.Operation == "ConvTranspose" ? node.Int("group", 1) : 1);
        return node.InputOrNull(2) is not { } bias || node.Operation == "MatMul" || (graph.FindInitializer(bias)?.Data is { Type: ElementType.Float32, Shape.Count: 1 } data && data.Count == channels)
            ? null
            : $"its bias is no constant of {channels} numbers";
    }

    /// <summary>The axis of the weight's output channels; of those of one group in a ConvTranspose.</summary>
    public static int Axis(GraphNode node) => node.Operation switch
    {
        "Conv" => 0,
        "Gemm" => node.Int("transB", 0) != 0 ? 0 : 1,
        _ => 1,
    };

    /// <summary>The channel of each element of a tensor along an axis.</summary>
    /// <param name="shape">The tensor's shape.</param>
    /// <param name="axis">The channels' axis.</param>
    /// <returns>How many elements lie between neighbours along the axis, and how many channels there are: element i is of channel <c>i / inner % channels</c>.</returns>
    public static (long Inner, long Channels) Layout(IReadOnlyList<long> shape, int axis) =>
        (shape.Skip(axis + 1).Aggregate(1L, (product, size) => product * size), shape[axis]);
}
