using DistillSharp.Graph;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Trilu and EyeLike.</summary>
internal static class Triangles
{
    [Operator("Trilu")]
    public static Kernel Trilu(NodeContext node)
    {
        bool upper = node.Node.Int("upper", 1) != 0;
        int x = node.Input(0), y = node.Output(0);
        var diagonal = node.Integers(1);
        return frame =>
        {
            long k = diagonal(frame) is [var only, ..] ? only : 0;
            frame[y] = upper ? frame[x].triu(k) : frame[x].tril(k);
        };
    }

    [Operator("EyeLike")]
    public static Kernel EyeLike(NodeContext node)
    {
        long k = node.Node.Int("k", 0), type = node.Node.Int("dtype", 0);
        int x = node.Input(0);
        return Scoped.One(node, frame =>
        {
            var like = frame[x];
            var wanted = type == 0 ? like.dtype : Casts.TypeOf((ElementType)type, frame);
            return ones(like.shape, wanted, like.device).triu(k).tril(k);
        });
    }
}
