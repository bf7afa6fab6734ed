using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>The same elements in another order: Transpose, DepthToSpace, SpaceToDepth.</summary>
internal static class Layouts
{
    [Operator("Transpose")]
    public static Kernel Transpose(NodeContext node)
    {
        long[]? order = node.Node.Ints("perm")?.ToArray();
        int x = node.Input(0), y = node.Output(0);
        return frame => frame[y] = frame[x].permute(order ?? [.. Enumerable.Range(0, (int)frame[x].dim()).Reverse().Select(axis => (long)axis)]);
    }

    /// <summary>DCR: the block's place is the slow part of the depth; CRD: the fast one.</summary>
    [Operator("DepthToSpace")]
    public static Kernel DepthToSpace(NodeContext node)
    {
        long block = Block(node);
        bool columnsFirst = node.Node.Text("mode", "DCR") == "CRD";
        return Activations.ScopedUnary(node, x =>
        {
            var (n, c, h, w) = Sizes(x);
            long depth = c / (block * block);
            return columnsFirst
                ? x.reshape(n, depth, block, block, h, w).permute(0, 1, 4, 2, 5, 3).reshape(n, depth, h * block, w * block)
                : x.reshape(n, block, block, depth, h, w).permute(0, 3, 4, 1, 5, 2).reshape(n, depth, h * block, w * block);
        });
    }

    [Operator("SpaceToDepth")]
    public static Kernel SpaceToDepth(NodeContext node)
    {
        long block = Block(node);
        return Activations.ScopedUnary(node, x =>
        {
            var (n, c, h, w) = Sizes(x);
            return x.reshape(n, c, h / block, block, w / block, block).permute(0, 3, 5, 1, 2, 4).reshape(n, c * block * block, h / block, w / block);
        });
    }

    private static long Block(NodeContext node) => node.Node.Int("blocksize", 0) is > 0 and < 65_536 and var block ? block : throw node.Refuse("it needs a blocksize of 1 or more.");

    private static (long N, long C, long H, long W) Sizes(Tensor x) => x.shape is [var n, var c, var h, var w] ? (n, c, h, w) : throw new ArgumentException("it rearranges [N, C, H, W] only.");
}
