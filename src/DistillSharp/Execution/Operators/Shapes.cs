using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Flatten, Reshape, Transpose, Concat, Split, Slice, Squeeze, Unsqueeze, Identity.</summary>
internal static class Shapes
{
    [Operator("Flatten")]
    public static Kernel Flatten(NodeContext node)
    {
        long axis = node.Node.Int("axis", 1);
        int x = node.Input(0), y = node.Output(0);
        return frame =>
        {
            var value = frame[x];
            long rows = 1;
            for (int i = 0; i < (axis < 0 ? axis + value.dim() : axis); i++)
            {
                rows *= value.shape[i];
            }

            frame[y] = value.reshape(rows, -1);
        };
    }

    [Operator("Reshape")]
    public static Kernel Reshape(NodeContext node)
    {
        long[] wanted = node.ConstantIntegers(1) ?? throw node.Refuse("a Reshape without a shape is not covered.");
        bool zeroCopies = node.Node.Int("allowzero", 0) == 0;
        int x = node.Input(0), y = node.Output(0);
        return frame =>
        {
            var value = frame[x];
            long[] shape = [.. wanted.Select((size, i) => size == 0 && zeroCopies ? value.shape[i] : size)];
            frame[y] = value.reshape(shape);
        };
    }

    [Operator("Transpose")]
    public static Kernel Transpose(NodeContext node)
    {
        long[] order = node.Node.Ints("perm")?.ToArray() ?? throw node.Refuse("a Transpose without perm is not covered.");
        int x = node.Input(0), y = node.Output(0);
        return frame => frame[y] = frame[x].permute(order);
    }

    [Operator("Concat")]
    public static Kernel Concat(NodeContext node)
    {
        long axis = node.Node.Int("axis", 0);
        int[] inputs = [.. Enumerable.Range(0, node.InputCount).Select(node.Input)];
        int y = node.Output(0);
        return frame => frame[y] = cat([.. inputs.Select(slot => frame[slot])], axis);
    }

    [Operator("Split")]
    public static Kernel Split(NodeContext node)
    {
        long axis = node.Node.Int("axis", 0);
        long[]? sizes = node.Opset >= 13 ? node.ConstantIntegers(1) : node.Node.Ints("split")?.ToArray();
        int x = node.Input(0);
        int[] outputs = [.. Enumerable.Range(0, node.OutputCount).Select(node.Output)];
        return frame =>
        {
            var value = frame[x];
            long total = value.shape[axis < 0 ? axis + value.dim() : axis], each = (total + outputs.Length - 1) / outputs.Length, start = 0;
            for (int i = 0; i < outputs.Length; i++)
            {
                long size = sizes?[i] ?? Math.Min(each, total - start);
                frame[outputs[i]] = value.narrow(axis, start, size);
                start += size;
            }
        };
    }

    [Operator("Slice")]
    public static Kernel Slice(NodeContext node)
    {
        if (node.Opset < 10)
        {
            throw node.Refuse($"its definition in opset {node.Opset} is not covered; from opset 10 it is.");
        }

        long[] starts = node.ConstantIntegers(1)!, ends = node.ConstantIntegers(2)!;
        long[] axes = node.ConstantIntegers(3) ?? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        long[] steps = node.ConstantIntegers(4) ?? [.. starts.Select(_ => 1L)];
        if (steps.Any(step => step < 1))
        {
            throw node.Refuse("negative steps are not covered.");
        }

        int x = node.Input(0), y = node.Output(0);
        return frame =>
        {
            var value = frame[x].alias();
            for (int i = 0; i < starts.Length; i++)
            {
                using var whole = value;
                value = whole.slice(axes[i], starts[i], ends[i], steps[i]);
            }

            frame[y] = value;
        };
    }

    [Operator("Squeeze")]
    public static Kernel Squeeze(NodeContext node) => Resized(node, static (x, axes) => x.squeeze(axes), descending: true);

    [Operator("Unsqueeze")]
    public static Kernel Unsqueeze(NodeContext node) => Resized(node, static (x, axis) => x.unsqueeze(axis), descending: false);

    [Operator("Identity")]
    public static Kernel Identity(NodeContext node)
    {
        int x = node.Input(0), y = node.Output(0);
        return frame => frame[y] = frame[x].alias();
    }

    private static Kernel Resized(NodeContext node, Func<Tensor, long, Tensor> step, bool descending)
    {
        long[] axes = (node.Opset >= 13 ? node.ConstantIntegers(1) : node.Node.Ints("axes")?.ToArray()) ?? throw node.Refuse("it is covered with named axes only.");
        if (axes.Any(axis => axis < 0))
        {
            throw node.Refuse("negative axes are not covered.");
        }

        long[] order = descending ? [.. axes.OrderDescending()] : [.. axes.Order()];
        int x = node.Input(0), y = node.Output(0);
        return frame =>
        {
            var value = frame[x].alias();
            foreach (long axis in order)
            {
                using var before = value;
                value = step(before, axis);
            }

            frame[y] = value;
        };
    }
}
