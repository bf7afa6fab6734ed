using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Relu and its kin: LeakyRelu, PRelu, Elu, Celu, Selu, Gelu, HardSigmoid, HardSwish, Mish, Softplus, Softsign, ThresholdedRelu, Shrink; Sigmoid and Tanh.</summary>
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

    [Operator("Sigmoid")]
    public static Kernel Sigmoid(NodeContext node) => Unary(node, static x => x.sigmoid());

    [Operator("Tanh")]
    public static Kernel Tanh(NodeContext node) => Unary(node, static x => x.tanh());

    [Operator("LeakyRelu")]
    public static Kernel LeakyRelu(NodeContext node)
    {
        Scalar alpha = Number.Kept(node.Number("alpha", 0.01));
        return Unary(node, x => x.leaky_relu(alpha));
    }

    /// <summary>At 0 the gradient is the slope, as PyTorch has it; a bound from below that is reached would add its own 1.</summary>
    [Operator("PRelu")]
    public static Kernel PRelu(NodeContext node)
    {
        int x = node.Input(0), slope = node.Input(1);
        return Scoped.One(node, frame => frame[x].relu().Plus(frame[x].clamp_max(Number.Of(0)).mul(frame[slope])));
    }

    [Operator("Elu")]
    public static Kernel Elu(NodeContext node)
    {
        var alpha = Number.Kept(node.Number("alpha", 1));
        return Unary(node, x => x.elu(alpha, Number.One, Number.One));
    }

    [Operator("Celu")]
    public static Kernel Celu(NodeContext node)
    {
        var alpha = Number.Kept(node.Number("alpha", 1));
        return Unary(node, x => x.celu(alpha));
    }

    [Operator("Selu")]
    public static Kernel Selu(NodeContext node)
    {
        Scalar alpha = Number.Kept(node.Number("alpha", 1.67326319217681884765625)), gamma = Number.Kept(node.Number("gamma", 1.05070102214813232421875)), one = Number.Kept(1.0);
        return Unary(node, x => x.elu(alpha, gamma, one));
    }

    [Operator("Gelu")]
    public static Kernel Gelu(NodeContext node)
    {
        var approximation = node.Node.Text("approximate", "none") switch
        {
            "none" => TorchSharp.Modules.GELU.Approximate.none,
            "tanh" => TorchSharp.Modules.GELU.Approximate.tanh,
            var other => throw node.Refuse($"approximate '{other}' is not known; 'none' and 'tanh' are."),
        };
        return Unary(node, x => x.gelu(approximation));
    }

    /// <summary>On its bounds the gradient is 0, as PyTorch has it for Hardsigmoid and Hardtanh; a Clip passes it on there.</summary>
    [Operator("HardSigmoid")]
    public static Kernel HardSigmoid(NodeContext node)
    {
        Scalar alpha = Number.Kept(node.Number("alpha", 0.2)), beta = Number.Kept(node.Number("beta", 0.5));
        return ScopedUnary(node, x =>
        {
            var line = x.mul(alpha).Plus(beta);
            return where(line.le(Number.Of(0)), zeros_like(line), where(line.ge(Number.Of(1)), ones_like(line), line));
        });
    }

    [Operator("HardSwish")]
    public static Kernel HardSwish(NodeContext node) => Unary(node, static x => x.hardswish());

    [Operator("Mish")]
    public static Kernel Mish(NodeContext node) => ScopedUnary(node, static x => Native.Softplus.Of(x).tanh().mul(x));

    [Operator("Softplus")]
    public static Kernel Softplus(NodeContext node) => Unary(node, Native.Softplus.Of);

    [Operator("Softsign")]
    public static Kernel Softsign(NodeContext node) => ScopedUnary(node, static x => x.div(x.abs().Plus(Number.Of(1))));

    [Operator("ThresholdedRelu")]
    public static Kernel ThresholdedRelu(NodeContext node)
    {
        Scalar alpha = Number.Kept(node.Number("alpha", 1));
        return Unary(node, x => x.threshold(alpha, Number.Of(0)));
    }

    [Operator("Shrink")]
    public static Kernel Shrink(NodeContext node)
    {
        Scalar bias = Number.Kept(node.Number("bias", 0));
        double lambda = node.Number("lambd", 0.5);
        return ScopedUnary(node, x =>
        {
            var above = where(x.gt(Number.Of(lambda)), x.sub(bias), x.new_zeros(1));
            return where(x.lt(Number.Of(-lambda)), x.Plus(bias), above).to(x.dtype);
        });
    }

    /// <summary>A kernel of one call.</summary>
    internal static Kernel Unary(NodeContext node, Func<Tensor, Tensor> compute)
    {
        int x = node.Input(0), y = node.Output(0);
        return frame => frame[y] = compute(frame[x]);
    }

    /// <summary>A kernel of several calls.</summary>
    internal static Kernel ScopedUnary(NodeContext node, Func<Tensor, Tensor> compute)
    {
        int x = node.Input(0);
        return Scoped.One(node, frame => compute(frame[x]));
    }
}
