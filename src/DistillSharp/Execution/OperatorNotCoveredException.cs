using DistillSharp.Graph;

namespace DistillSharp.Execution;

/// <summary>The executor cannot train a node of the graph: its operator, or a feature of it, is not covered. ONNX Runtime may still run the file.</summary>
public sealed class OperatorNotCoveredException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="node">The node.</param>
    /// <param name="what">What is not covered.</param>
    public OperatorNotCoveredException(GraphNode node, string what)
        : base($"The executor cannot train {node}: {what} The file can still be a teacher: ONNX Runtime runs it.") => Node = node;

    /// <summary>The node.</summary>
    public GraphNode Node { get; }
}
