using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Relu, Clip, Sigmoid, Tanh, Softmax, LogSoftmax.</summary>
internal static class Activations
{
    [Operator("Relu")]
    public static Kernel Relu(NodeContext node)
    {
        int x = node.Input(0), y = node.Output(0);
        if (node.MayOverwrite(0))
        {
            return frame => frame.Move(x, y, frame[x].relu_());
        }

        return frame => frame[y] = frame[x].relu();
    }

    [Operator("Clip")]
    public static Kernel Clip(NodeContext node)
    {
        // Up to opset 10 the bounds are attributes.
        bool inputs = node.Opset >= 11;
        double? low = inputs ? node.ConstantNumber(1) : node.NumberOrNull("min"), high = inputs ? node.ConstantNumber(2) : node.NumberOrNull("max");
        Scalar? min = low is { } l ? l.ToScalar() : null, max = high is { } h ? h.ToScalar() : null;
        int x = node.Input(0), y = node.Output(0);
        if (min is null && max is null)
        {
            return frame => frame[y] = frame[x].alias();
        }

        return frame => frame[y] = frame[x].clamp(min, max);
    }

    [Operator("Sigmoid")]
    public static Kernel Sigmoid(NodeContext node) => Unary(node, static x => x.sigmoid());

    [Operator("Tanh")]
    public static Kernel Tanh(NodeContext node) => Unary(node, static x => x.tanh());

    [Operator("Softmax")]
    public static Kernel Softmax(NodeContext node)
    {
        long axis = Axis(node);
        return Unary(node, x => nn.functional.softmax(x, axis));
    }

    [Operator("LogSoftmax")]
    public static Kernel LogSoftmax(NodeContext node)
    {
        long axis = Axis(node);
        return Unary(node, x => nn.functional.log_softmax(x, axis));
    }

    private static long Axis(NodeContext node) =>
        node.Opset >= 13 ? node.Node.Int("axis", -1) : throw node.Refuse($"its definition in opset {node.Opset} flattens first and is not covered; from opset 13 it is.");

    private static Kernel Unary(NodeContext node, Func<Tensor, Tensor> compute)
    {
        int x = node.Input(0), y = node.Output(0);
        return frame => frame[y] = compute(frame[x]);
    }
}
