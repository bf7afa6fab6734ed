namespace DistillSharp.Graph.Format;

/// <summary>
/// Which initialisers of a file from elsewhere are weights: float ones that reach a weight, bias or scale slot of Conv,
/// ConvTranspose, Gemm, MatMul, PRelu, a normalisation, or Gather's table. All else is frozen.
/// </summary>
internal static class TrainableRule
{
    private static readonly Dictionary<string, int[]> s_slots = new(StringComparer.Ordinal)
    {
        ["Conv"] = [1, 2],
        ["ConvTranspose"] = [1, 2],
        ["Gemm"] = [0, 1, 2],
        ["MatMul"] = [0, 1],
        ["PRelu"] = [1],
        ["BatchNormalization"] = [1, 2],
        ["LayerNormalization"] = [1, 2],
        ["InstanceNormalization"] = [1, 2],
        ["GroupNormalization"] = [1, 2],
        ["Gather"] = [0],
    };

    /// <summary>Whether a node holds a weight, bias or scale at an input.</summary>
    public static bool IsSlot(GraphNode node, int index) => node.Domain.Length == 0 && s_slots.TryGetValue(node.Operation, out int[]? slots) && slots.Contains(index);

    /// <summary>Marks the weights among some of the graph's initialisers.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="only">The initialisers' names; null for all.</param>
    public static void Apply(ModelGraph graph, IReadOnlySet<string>? only = null)
    {
        foreach (var node in graph.Nodes.Where(node => node.Domain.Length == 0))
        {
            foreach (int slot in s_slots.GetValueOrDefault(node.Operation, []))
            {
                if (graph.FindInitializer(node.InputOrNull(slot)) is { Data.Type: ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16 } weight
                    && only?.Contains(weight.Name) != false)
                {
                    weight.Trainable = true;
                }
            }
        }
    }
}
