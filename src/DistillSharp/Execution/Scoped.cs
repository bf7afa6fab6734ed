using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution;

/// <summary>Kernels of several steps: a dispose scope takes the tensors between them away, however the kernel ends.</summary>
/// <remarks>Operators of one libtorch call do without; they are the ones that run a thousand times a second.</remarks>
internal static class Scoped
{
    /// <summary>A kernel that makes the node's first output.</summary>
    /// <param name="node">The node.</param>
    /// <param name="compute">Computes it; a tensor of the frame may be returned as it is.</param>
    public static Kernel One(NodeContext node, Func<Frame, Tensor> compute)
    {
        int y = node.Output(0);
        return frame =>
        {
            using var scope = NewDisposeScope();
            frame[y] = Keep(scope, compute(frame));
        };
    }

    /// <summary>A kernel that makes all outputs of the node, in order.</summary>
    /// <param name="node">The node.</param>
    /// <param name="compute">Computes them; what the node does not list is let go.</param>
    public static Kernel Several(NodeContext node, Func<Frame, IReadOnlyList<Tensor>> compute)
    {
        int[] outputs = [.. Enumerable.Range(0, node.OutputCount).Select(node.OptionalOutput)];
        return frame =>
        {
            using var scope = NewDisposeScope();
            var values = compute(frame);
            if (values.Count < outputs.Length)
            {
                throw new ArgumentException($"it lists {outputs.Length} outputs, but its operator makes {values.Count}.");
            }

            for (int i = 0; i < outputs.Length; i++)
            {
                if (outputs[i] >= 0)
                {
                    frame[outputs[i]] = Keep(scope, values[i]);
                }
            }
        };
    }

    private static Tensor Keep(DisposeScope scope, Tensor value) => scope.MoveToOuter(scope.Contains(value) ? value : value.alias());
}
