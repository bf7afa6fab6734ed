namespace DistillSharp.Execution;

/// <summary>Marks a method that compiles the nodes of some ONNX operators: <c>static Kernel Compile(NodeContext node)</c>.</summary>
/// <param name="names">The operators' names in ONNX's own domain.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OperatorAttribute(params string[] names) : Attribute
{
    /// <summary>The operators' names in ONNX's own domain.</summary>
    public IReadOnlyList<string> Names { get; } = names;

    /// <summary>What a reader of the list of operators should know: a bound, a choice where ONNX leaves one; empty if nothing.</summary>
    public string Note { get; init; } = "";
}
