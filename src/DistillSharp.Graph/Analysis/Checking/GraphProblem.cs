namespace DistillSharp.Graph.Analysis.Checking;

/// <summary>A rule of ONNX that a graph breaks.</summary>
/// <param name="IsError">Whether a runtime may refuse the model; else it is only unwise.</param>
/// <param name="Message">What is wrong, naming the node or value.</param>
public sealed record GraphProblem(bool IsError, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(IsError ? "error" : "warning")}: {Message}";
}
