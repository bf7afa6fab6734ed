using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Softmax, LogSoftmax and Hardmax: along one axis from opset 13, over a flattened tail before.</summary>
internal static class Softmaxes
{
    [Operator("Softmax", Note = "along one axis from opset 13, over a flattened tail before")]
    public static Kernel Softmax(NodeContext node) => Along(node, static (x, axis) => x.softmax(axis));

    [Operator("LogSoftmax", Note = "along one axis from opset 13, over a flattened tail before")]
    public static Kernel LogSoftmax(NodeContext node) => Along(node, static (x, axis) => x.log_softmax(axis));

    [Operator("Hardmax", Note = "along one axis from opset 13, over a flattened tail before")]
    public static Kernel Hardmax(NodeContext node) => Along(node, static (x, axis) =>
    {
        using var first = x.argmax(axis, keepdim: true);
        using var ones = ones_like(first, x.dtype);
        using var zeros = zeros_like(x);
        return zeros.scatter(axis, first, ones);
    });

    private static Kernel Along(NodeContext node, Func<Tensor, long, Tensor> compute)
    {
        int x = node.Input(0), y = node.Output(0);
        if (node.Opset >= 13)
        {
            long axis = node.Node.Int("axis", -1);
            return frame => frame[y] = compute(frame[x], RuntimeShape.Axis(axis, frame[x].dim()));
        }

        long first = node.Node.Int("axis", 1);
        return Scoped.One(node, frame =>
        {
            var value = frame[x];
            long[] shape = value.shape;
            long rows = RuntimeShape.Count(shape.AsSpan(0, first == shape.Length ? shape.Length : RuntimeShape.Axis(first, shape.Length)));
            long columns = rows == 0 ? 0 : value.numel() / rows;
            return compute(value.reshape(rows, columns), 1).reshape(shape);
        });
    }
}
