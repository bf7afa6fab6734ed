using DistillSharp.Graph.Analysis;
using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Passes;

/// <summary>
/// Turns float32 weights and values into float16. Normalisations, softmaxes, reductions, resizing and whatever else loses too much, or has no
/// float16 form, stays a float32 island with casts around it; so does a node one of whose weights lies beyond float16's range (65504).
/// </summary>
/// <param name="options">What stays float32.</param>
[Pass("float16", "Turn weights and values into float16, with float32 islands where that loses too much")]
public sealed class Float16Pass(Float16Options options) : GraphPass
{
    private static readonly HashSet<string> s_islands = new(
        [
            "BatchNormalization", "LayerNormalization", "InstanceNormalization", "GroupNormalization", "LRN", "MeanVarianceNormalization", "LpNormalization", "Softmax", "LogSoftmax", "Hardmax",
            "ReduceSum", "ReduceMean", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare", "GlobalAveragePool", "GlobalLpPool", "LpPool", "CumSum", "Exp", "Log", "Pow",
            "Resize", "Upsample", "GridSample", "RoiAlign", "NonMaxSuppression", "Range", "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "Cast", "CastLike", "Constant", "ConstantOfShape",
            "EyeLike", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli", "LSTM", "GRU", "RNN", "Einsum", "MaxUnpool", "Det", "If", "Loop", "Scan", "OneHot",
        ],
        StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        ShapeInference.Infer(graph);
        var uses = new GraphUses(graph);
        var types = graph.Inputs.Concat(graph.KnownValues.Values).DistinctBy(value => value.Name).ToDictionary(value => value.Name, value => value.Type, StringComparer.Ordinal);
        var casts = new Float16Casts(graph, uses, types);
        var nodes = graph.Nodes.ToList();
        graph.Nodes.Clear();
        foreach (var node in nodes)
        {
            string? reason = Reason(graph, node, types);
            if (reason is { Length: > 0 })
            {
                changes.Note($"{node} stays float32: {reason}.");
            }

            casts.Add(node, island: reason is not null, keepOutside: options.KeepInputsAndOutputs);
            changes.Add(reason is null ? "nodes in float16" : "nodes in float32");
        }

        changes.Add("weights in float16", casts.Halve());
        casts.RemoveUnread();
        if (!options.KeepInputsAndOutputs)
        {
            Declare(graph.Inputs);
            Declare(graph.Outputs);
        }

        graph.KnownValues.Clear();
        ShapeInference.Infer(graph);
        changes.Add("casts", graph.Nodes.Count - nodes.Count);
    }

    private static void Declare(IList<GraphValue> values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            values[i] = values[i].Type == ElementType.Float32 ? values[i] with { Type = ElementType.Float16 } : values[i];
        }
    }

    /// <summary>Why a node is an island: empty if by its operator, null if it is none.</summary>
    private string? Reason(ModelGraph graph, GraphNode node, Dictionary<string, ElementType> types)
    {
        if (node.Domain.Length > 0 || s_islands.Contains(node.Operation) || options.Islands.Contains(node.Operation) || Subgraphs.Captured(node).Count > 0)
        {
            return "";
        }

        if (options.Nodes.Contains(node.Name) && node.Name.Length > 0)
        {
            return "it was asked to";
        }

        foreach (string name in node.Inputs.Where(name => name.Length > 0))
        {
            if (graph.FindInitializer(name) is not { } initializer)
            {
                if (types.GetValueOrDefault(name) == ElementType.Undefined)
                {
                    return $"the type of '{name}' is not known";
                }
            }
            else if (initializer.Data.Type == ElementType.Float32 && Largest(initializer.Data) is var largest && largest > (float)Half.MaxValue)
            {
                return $"'{name}' holds {largest}, beyond float16's 65504";
            }
        }

        return null;
    }

    private static float Largest(TensorData data)
    {
        float largest = 0;
        foreach (float value in data.AsSpan<float>())
        {
            largest = float.IsFinite(value) ? Math.Max(largest, Math.Abs(value)) : largest;
        }

        return largest;
    }
}

/// <summary>The options of <see cref="Float16Pass"/>.</summary>
public sealed record Float16Options
{
    /// <summary>Whether the caller still feeds and reads float32. Default true.</summary>
    public bool KeepInputsAndOutputs { get; init; } = true;

    /// <summary>Further operators that stay float32. Default none.</summary>
    public IReadOnlyList<string> Islands { get; init; } = [];

    /// <summary>The names of nodes that stay float32. Default none.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];
}
