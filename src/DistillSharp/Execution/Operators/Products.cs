using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Gemm and MatMul.</summary>
internal static class Products
{
    [Operator("Gemm")]
    public static Kernel Gemm(NodeContext node)
    {
        double alpha = node.Number("alpha", 1), beta = node.Number("beta", 1);
        bool transposeLeft = node.Node.Int("transA", 0) != 0, transposeRight = node.Node.Int("transB", 0) != 0;
        int a = node.Input(0), b = node.Input(1), c = node.OptionalInput(2), y = node.Output(0);
        if (!transposeLeft && transposeRight && alpha == 1 && beta == 1)
        {
            return frame => frame[y] = nn.functional.linear(frame[a], frame[b], frame.Optional(c));
        }

        return frame =>
        {
            using var left = transposeLeft ? frame[a].t() : frame[a].alias();
            using var right = transposeRight ? frame[b].t() : frame[b].alias();
            var product = left.matmul(right);
            product = alpha == 1 ? product : Replace(product, product * alpha);
            if (frame.Optional(c) is { } bias)
            {
                using var scaled = bias * beta;
                product = Replace(product, product + scaled);
            }

            frame[y] = product;
        };
    }

    [Operator("MatMul")]
    public static Kernel MatMul(NodeContext node)
    {
        int a = node.Input(0), b = node.Input(1), y = node.Output(0);
        return frame => frame[y] = frame[a].matmul(frame[b]);
    }

    private static Tensor Replace(Tensor old, Tensor replacement)
    {
        old.Dispose();
        return replacement;
    }
}
