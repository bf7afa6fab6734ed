using System.Collections.Frozen;

namespace DistillSharp.Graph.Format;

/// <summary>
/// Operators that mean the same in operator sets 1 to 6 as in 7, the lowest that is read. A file of an older set that uses
/// no others is read as one of set 7; what may mean something else is refused rather than guessed.
/// </summary>
internal static class OldOperators
{
    private static readonly FrozenSet<string> s_unchanged = FrozenSet.Create(
        StringComparer.Ordinal,
        "Abs", "Ceil", "Constant", "Conv", "ConvTranspose", "Elu", "Exp", "Flatten", "Floor", "Gather", "GlobalAveragePool", "GlobalMaxPool", "HardSigmoid", "Identity",
        "InstanceNormalization", "LRN", "LeakyRelu", "Log", "LogSoftmax", "MatMul", "MaxPool", "Neg", "Not", "Reciprocal", "ReduceMax", "ReduceMean", "ReduceMin",
        "ReduceSum", "Relu", "Selu", "Sigmoid", "Softmax", "Softplus", "Softsign", "Sqrt", "Squeeze", "Tanh", "Transpose", "Unsqueeze");

    /// <summary>Refuses a file of an older set that uses an operator which has changed.</summary>
    public static void Require(long opset, IEnumerable<GraphNode> nodes)
    {
        if (nodes.FirstOrDefault(node => node.Domain.Length == 0 && !s_unchanged.Contains(node.Operation)) is { } changed)
        {
            throw new GraphException(
                $"the file is written for operator set {opset}, in which {changed} may mean something else; {OnnxFile.LowestOpset} to {OnnxFile.HighestOpset} are read. Export it again for one of these.");
        }
    }
}
