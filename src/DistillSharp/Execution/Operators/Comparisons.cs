using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Comparisons, the logic of their results, and Where.</summary>
internal static class Comparisons
{
    [Operator("Equal")]
    public static Kernel Equal(NodeContext node) => Arithmetic.Binary(node, static (a, b) => a.eq(b));

    [Operator("Greater")]
    public static Kernel Greater(NodeContext node) => Arithmetic.Binary(node, static (a, b) => a.gt(b));

    [Operator("GreaterOrEqual")]
    public static Kernel GreaterOrEqual(NodeContext node) => Arithmetic.Binary(node, static (a, b) => a.ge(b));

    [Operator("Less")]
    public static Kernel Less(NodeContext node) => Arithmetic.Binary(node, static (a, b) => a.lt(b));

    [Operator("LessOrEqual")]
    public static Kernel LessOrEqual(NodeContext node) => Arithmetic.Binary(node, static (a, b) => a.le(b));

    [Operator("And")]
    public static Kernel And(NodeContext node) => Arithmetic.Binary(node, static (a, b) => a.logical_and(b));

    [Operator("Or")]
    public static Kernel Or(NodeContext node) => Arithmetic.Binary(node, static (a, b) => a.logical_or(b));

    [Operator("Xor")]
    public static Kernel Xor(NodeContext node) => Arithmetic.Binary(node, static (a, b) => a.logical_xor(b));

    [Operator("Not")]
    public static Kernel Not(NodeContext node) => Activations.Unary(node, static x => x.logical_not());

    [Operator("Where")]
    public static Kernel Where(NodeContext node)
    {
        int condition = node.Input(0), x = node.Input(1), y = node.Input(2);
        return Scoped.One(node, frame =>
        {
            var first = frame.Beside(frame[x], frame[condition]);
            return where(frame.Beside(frame[condition], first), first, frame.Beside(frame[y], first));
        });
    }
}
