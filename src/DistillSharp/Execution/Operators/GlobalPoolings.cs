using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>GlobalAveragePool, GlobalMaxPool, GlobalLpPool: over all axes but the first two.</summary>
internal static class GlobalPoolings
{
    private static readonly long[] s_plane = [2, 3];

    [Operator("GlobalAveragePool")]
    public static Kernel GlobalAveragePool(NodeContext node) => Activations.Unary(node, static x => x.mean(Axes(x), keepdim: true));

    [Operator("GlobalMaxPool")]
    public static Kernel GlobalMaxPool(NodeContext node) => Activations.Unary(node, static x => x.amax(Axes(x), keepdim: true));

    [Operator("GlobalLpPool")]
    public static Kernel GlobalLpPool(NodeContext node)
    {
        long p = node.Node.Int("p", 2);
        return Activations.Unary(node, x => Norms.Of(x, p, Axes(x), keep: true));
    }

    private static long[] Axes(Tensor x) => x.dim() switch
    {
        4 => s_plane,
        > 2 and var rank => [.. Enumerable.Range(2, (int)rank - 2)],
        var rank => throw new ArgumentException($"a value of {rank} axes has none to pool over."),
    };
}
