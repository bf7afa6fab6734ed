using DistillSharp.Graph;

namespace DistillSharp.Execution.Patterns;

/// <summary>A node of a plan and what compiles it: its operator, or a kernel for several nodes in one.</summary>
/// <param name="Node">The node; one that stands for several has their inputs and the last one's outputs.</param>
/// <param name="Compile">Compiles it.</param>
internal sealed record PlannedNode(GraphNode Node, Func<NodeContext, Kernel> Compile)
{
    /// <summary>The domain of nodes that stand for several; no file can hold one, since no operator of it is covered.</summary>
    public const string Domain = "distillsharp.fused";

    /// <summary>A node as it is.</summary>
    public static PlannedNode Of(GraphNode node) => new(node, OperatorTable.Compile);

    /// <summary>A node that stands for several.</summary>
    /// <param name="operation">What it is called in messages.</param>
    /// <param name="inputs">The inputs of all, without what they hand to each other.</param>
    /// <param name="last">The last of them.</param>
    /// <param name="compile">Compiles it.</param>
    public static PlannedNode Fused(string operation, IEnumerable<string> inputs, GraphNode last, Func<NodeContext, Kernel> compile) =>
        new(new(operation, inputs, last.Outputs, last.Name) { Domain = Domain }, compile);
}
