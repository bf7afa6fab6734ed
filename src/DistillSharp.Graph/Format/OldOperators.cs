using System.Collections.Frozen;

namespace DistillSharp.Graph.Format;

/// <summary>
/// Files of operator sets 1 to 6 are read as ones of set 7, the lowest that is written. Operators that mean the same there stay as they are,
/// those that have changed are rewritten, and what cannot be told is refused rather than guessed.
/// </summary>
internal static class OldOperators
{
    /// <summary>Attributes that told an implementation what it may overwrite, or a mode that outputs tell since; they say nothing more.</summary>
    private static readonly string[] s_meaningless = ["consumed_inputs", "is_test"];

    private static readonly FrozenSet<string> s_unchanged = FrozenSet.Create(
        StringComparer.Ordinal,
        "Abs", "ArgMax", "ArgMin", "AveragePool", "BatchNormalization", "Ceil", "Clip", "Constant", "Conv", "ConvTranspose", "DepthToSpace", "Dropout", "Elu", "Exp", "Flatten", "Floor",
        "Gather", "GlobalAveragePool", "GlobalMaxPool", "HardSigmoid", "Hardmax", "Identity", "InstanceNormalization", "LRN", "LeakyRelu", "Log", "LogSoftmax", "LpNormalization",
        "MatMul", "Max", "MaxPool", "MaxRoiPool", "Mean", "Min", "Neg", "Not", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Reciprocal", "ReduceL1",
        "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare", "Relu", "Selu", "Shape", "Sigmoid", "Size",
        "Slice", "Softmax", "Softplus", "Softsign", "SpaceToDepth", "Sqrt", "Squeeze", "Sum", "Tanh", "TopK", "Transpose", "Unsqueeze");

    private static readonly FrozenDictionary<string, Action<OldNode>> s_changed = new Dictionary<string, Action<OldNode>>(StringComparer.Ordinal)
    {
        ["Add"] = OldBroadcasting.Binary,
        ["And"] = OldBroadcasting.Binary,
        ["Div"] = OldBroadcasting.Binary,
        ["Equal"] = OldBroadcasting.Binary,
        ["Greater"] = OldBroadcasting.Binary,
        ["Less"] = OldBroadcasting.Binary,
        ["Mul"] = OldBroadcasting.Binary,
        ["Or"] = OldBroadcasting.Binary,
        ["Pow"] = OldBroadcasting.Binary,
        ["Sub"] = OldBroadcasting.Binary,
        ["Xor"] = OldBroadcasting.Binary,
        ["PRelu"] = OldBroadcasting.Slope,
        ["Gemm"] = static old => old.Node.Attributes.Remove("broadcast"),
        ["Cast"] = OldForms.Cast,
        ["Concat"] = OldForms.Concat,
        ["GlobalLpPool"] = OldForms.Power,
        ["LpPool"] = OldForms.Power,
        ["Pad"] = OldForms.Pad,
        ["Reshape"] = OldForms.Reshape,
        ["Split"] = OldForms.Split,
        ["Tile"] = OldForms.Tile,
        ["Upsample"] = OldForms.Upsample,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Rewrites the nodes of an older set for set 7.</summary>
    /// <param name="opset">The set the file is written for.</param>
    /// <param name="graph">The graph; its nodes are changed.</param>
    /// <exception cref="GraphException">A node's meaning in set 7 cannot be told; the message names it.</exception>
    public static void Upgrade(long opset, ModelGraph graph)
    {
        foreach (var node in graph.Nodes.Where(node => node.Domain.Length == 0).ToList())
        {
            var old = new OldNode(node, graph, opset);
            if (s_changed.GetValueOrDefault(node.Operation) is { } change)
            {
                change(old);
            }
            else if (!s_unchanged.Contains(node.Operation))
            {
                throw old.Refuse();
            }

            foreach (string name in s_meaningless)
            {
                node.Attributes.Remove(name);
            }
        }
    }
}
