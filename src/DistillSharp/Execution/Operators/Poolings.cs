using static TorchSharp.torch.nn.functional;

namespace DistillSharp.Execution.Operators;

/// <summary>MaxPool, AveragePool, GlobalAveragePool.</summary>
internal static class Poolings
{
    [Operator("MaxPool")]
    public static Kernel MaxPool(NodeContext node)
    {
        if (node.OutputCount > 1)
        {
            throw node.Refuse("its second output (the indices) is not covered.");
        }

        var window = Window.Of(node);
        long[] kernel = KernelOf(node);
        bool ceil = node.Node.Int("ceil_mode", 0) != 0;
        int x = node.Input(0), y = node.Output(0);
        return frame => frame[y] = max_pool2d(frame[x], kernel, window.Strides, window.Padding, window.Dilations, ceil);
    }

    [Operator("AveragePool")]
    public static Kernel AveragePool(NodeContext node)
    {
        var window = Window.Of(node);
        if (window.Dilations is not [1, 1])
        {
            throw node.Refuse($"dilations [{string.Join(", ", window.Dilations)}] are not covered.");
        }

        long[] kernel = KernelOf(node);
        bool ceil = node.Node.Int("ceil_mode", 0) != 0, countPadding = node.Node.Int("count_include_pad", 0) != 0;
        int x = node.Input(0), y = node.Output(0);
        return frame => frame[y] = avg_pool2d(frame[x], kernel, window.Strides, window.Padding, ceil, countPadding, null);
    }

    [Operator("GlobalAveragePool")]
    public static Kernel GlobalAveragePool(NodeContext node)
    {
        int x = node.Input(0), y = node.Output(0);
        return frame => frame[y] = frame[x].mean([2, 3], keepdim: true);
    }

    private static long[] KernelOf(NodeContext node) =>
        node.Node.Ints("kernel_shape") is { Count: 2 } kernel ? [.. kernel] : throw node.Refuse("only windows over rows and columns (2-D) are covered.");
}
