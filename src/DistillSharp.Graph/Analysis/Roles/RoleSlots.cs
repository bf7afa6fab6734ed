namespace DistillSharp.Graph.Analysis.Roles;

/// <summary>The inputs of operators that are parameters by definition.</summary>
internal static class RoleSlots
{
    private static readonly ParameterRole?[] s_layer = [null, ParameterRole.Weight, ParameterRole.Bias], s_norm = [null, ParameterRole.Scale, ParameterRole.Bias];

    private static readonly Dictionary<string, ParameterRole?[]> s_slots = new(StringComparer.Ordinal)
    {
        ["Conv"] = s_layer,
        ["ConvTranspose"] = s_layer,
        ["Gemm"] = [ParameterRole.Weight, ParameterRole.Weight, ParameterRole.Bias],
        ["MatMul"] = [ParameterRole.Weight, ParameterRole.Weight],
        ["PRelu"] = [null, ParameterRole.Scale],
        ["BatchNormalization"] = [.. s_norm, ParameterRole.Statistic, ParameterRole.Statistic],
        ["LayerNormalization"] = s_norm,
        ["InstanceNormalization"] = s_norm,
        ["GroupNormalization"] = s_norm,
        ["RMSNormalization"] = [null, ParameterRole.Scale],
        ["Gather"] = [ParameterRole.Embedding],
    };

    /// <summary>The role of an input, or null if the operator alone does not tell.</summary>
    public static ParameterRole? Of(GraphNode node, int index) =>
        node.Domain.Length > 0 ? null
        : node.Operation == "Einsum" ? ParameterRole.Weight
        : s_slots.TryGetValue(node.Operation, out var slots) && index < slots.Length ? slots[index] : null;

    /// <summary>Whether a node is a layer: it reads a parameter that the graph itself holds.</summary>
    public static bool IsLayer(GraphNode node, ValueTrace trace)
    {
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            if (node.Inputs[i].Length > 0 && Of(node, i) is { } role && role != ParameterRole.Statistic && !trace[node.Inputs[i]].Fed)
            {
                return true;
            }
        }

        return false;
    }
}
