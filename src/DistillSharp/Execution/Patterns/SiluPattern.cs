using DistillSharp.Execution.Operators;
using DistillSharp.Graph;

namespace DistillSharp.Execution.Patterns;

/// <summary>x times the sigmoid of x: one kernel, which keeps x alone for its gradient instead of x and the sigmoid.</summary>
internal static class SiluPattern
{
    /// <summary>The name of the node in messages.</summary>
    public const string Operation = "Silu";

    /// <summary>Finds the pattern at its product.</summary>
    public static (PlannedNode Fused, GraphNode First)? Find(GraphNode node, ModelGraph graph, ValueSlots slots)
    {
        if (node is not { Domain: "", Operation: "Mul", Inputs: [var a, var b], Outputs.Count: 1 } || a == b)
        {
            return null;
        }

        return (Sigmoid(b, a) ?? Sigmoid(a, b)) is { } sigmoid
            ? (PlannedNode.Fused(Operation, [sigmoid.Inputs[0]], node, static context => Activations.Unary(context, static x => TorchSharp.torch.nn.functional.silu(x))), sigmoid)
            : null;

        GraphNode? Sigmoid(string value, string of) =>
            slots.ProducerOf(value) is { Domain: "", Operation: "Sigmoid", Inputs: [var x] } producer && x == of && slots.ReaderCount(value) == 1 && !slots.IsWanted(value) ? producer : null;
    }
}
