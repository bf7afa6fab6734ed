using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Add, Sub, Mul and Div with broadcasting; ReduceMean.</summary>
internal static class Arithmetic
{
    [Operator("Add")]
    public static Kernel Add(NodeContext node)
    {
        int a = node.Input(0), b = node.Input(1), y = node.Output(0);

        // A residual sum writes over the branch it closes: one activation less a block.
        if (node.SameShape(0, 1) && node.MayOverwrite(0))
        {
            return frame => frame.Move(a, y, frame[a].add_(frame[b]));
        }

        return frame => frame[y] = frame[a].add(frame[b]);
    }

    [Operator("Sub")]
    public static Kernel Sub(NodeContext node) => Binary(node, static (a, b) => a.sub(b));

    [Operator("Mul")]
    public static Kernel Mul(NodeContext node) => Binary(node, static (a, b) => a.mul(b));

    [Operator("Div")]
    public static Kernel Div(NodeContext node) => Binary(node, static (a, b) => a.div(b));

    [Operator("ReduceMean")]
    public static Kernel ReduceMean(NodeContext node)
    {
        bool keep = node.Node.Int("keepdims", 1) != 0;
        long[] axes = (node.Opset >= 18 ? node.ConstantIntegers(1) : node.Node.Ints("axes")?.ToArray())
            ?? throw node.Refuse("a mean over all axes is not covered; named axes are.");
        int x = node.Input(0), y = node.Output(0);
        return frame => frame[y] = frame[x].mean(axes, keep);
    }

    private static Kernel Binary(NodeContext node, Func<Tensor, Tensor, Tensor> compute)
    {
        int a = node.Input(0), b = node.Input(1), y = node.Output(0);
        return frame => frame[y] = compute(frame[a], frame[b]);
    }
}
