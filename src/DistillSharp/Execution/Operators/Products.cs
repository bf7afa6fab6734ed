using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Gemm, MatMul and Einsum.</summary>
internal static class Products
{
    [Operator("Gemm")]
    public static Kernel Gemm(NodeContext node)
    {
        double alpha = node.Number("alpha", 1), beta = node.Number("beta", 1);
        bool transposeLeft = node.Node.Int("transA", 0) != 0, transposeRight = node.Node.Int("transB", 0) != 0;
        int a = node.Input(0), b = node.Input(1), c = node.OptionalInput(2), y = node.Output(0);
        var general = Scoped.One(node, frame =>
        {
            Tensor left = transposeLeft ? frame[a].t() : frame[a], right = transposeRight ? frame[b].t() : frame[b];
            var product = Multiply(left, right);
            var scaled = alpha == 1 ? product : product.mul(Number.Of(alpha)).to(product.dtype);
            return frame.Optional(c) is not { } bias ? scaled : scaled.Plus(beta == 1 ? bias : bias.mul(Number.Of(beta)).to(bias.dtype));
        });
        if (transposeLeft || !transposeRight || alpha != 1 || beta != 1)
        {
            return general;
        }

        return frame =>
        {
            if (frame.Optional(c) is { } bias && bias.dim() != 1)
            {
                general(frame);
                return;
            }

            frame[y] = nn.functional.linear(frame[a], frame[b], frame.Optional(c));
        };
    }

    [Operator("MatMul")]
    public static Kernel MatMul(NodeContext node)
    {
        int a = node.Input(0), b = node.Input(1), y = node.Output(0);
        return frame => frame[y] = Multiply(frame[a], frame[b]);
    }

    [Operator("Einsum")]
    public static Kernel Einsum(NodeContext node)
    {
        string equation = node.Node.Text("equation", "").Replace(" ", "", StringComparison.Ordinal);
        int[] inputs = [.. Enumerable.Range(0, node.InputCount).Select(node.Input)];
        int y = node.Output(0);
        return frame => frame[y] = einsum(equation, [.. inputs.Select(slot => frame[slot])]);
    }

    /// <summary>The product; shapes are checked first, because TorchSharp 0.107's matmul ends the process where they do not fit.</summary>
    private static Tensor Multiply(Tensor left, Tensor right)
    {
        long[] a = left.shape, b = right.shape;
        bool batches = Enumerable.Range(3, Math.Max(0, Math.Min(a.Length, b.Length) - 2)).All(i => a[^i] == b[^i] || a[^i] == 1 || b[^i] == 1);
        if (a.Length == 0 || b.Length == 0 || a[^1] != b[Math.Max(0, b.Length - 2)] || !batches)
        {
            throw new ArgumentException($"a product of [{string.Join(", ", a)}] and [{string.Join(", ", b)}] does not exist.");
        }

        return left.matmul(right);
    }
}
