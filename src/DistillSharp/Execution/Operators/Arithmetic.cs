using DistillSharp.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Add, Sub, Mul, Div, Mod and Pow with broadcasting, and Sum, Mean, Max, Min of any number of inputs.</summary>
internal static class Arithmetic
{
    [Operator("Add")]
    public static Kernel Add(NodeContext node)
    {
        if (!node.MayOverwrite(0) && !node.MayOverwrite(1))
        {
            return Binary(node, static (a, b) => a.Plus(b));
        }

        // A residual sum writes over the branch it closes, on whichever side that is: one activation less a block.
        int branch = node.MayOverwrite(0) ? 0 : 1, a = node.Input(branch), b = node.Input(1 - branch), y = node.Output(0);
        return frame =>
        {
            Tensor left = frame[a], right = frame[b];
            if (left.shape.AsSpan().SequenceEqual(right.shape))
            {
                frame.Move(a, y, left.add_(right, Number.One));
            }
            else
            {
                frame[y] = left.Plus(right);
            }
        };
    }

    [Operator("Sub")]
    public static Kernel Sub(NodeContext node) => Binary(node, static (a, b) => a.sub(b));

    [Operator("Mul")]
    public static Kernel Mul(NodeContext node) => Binary(node, static (a, b) => a.mul(b));

    /// <summary>Quotients of integers are cut towards zero.</summary>
    [Operator("Div", Note = "quotients of integers are cut towards zero")]
    public static Kernel Div(NodeContext node) => Binary(node, static (a, b) => a.is_floating_point() ? a.div(b) : a.div(b, RoundingMode.trunc));

    [Operator("Mod")]
    public static Kernel Mod(NodeContext node) =>
        node.Node.Int("fmod", 0) != 0 ? Binary(node, static (a, b) => a.fmod(b)) : Binary(node, static (a, b) => a.remainder(b));

    /// <summary>The result has the base's type, whatever the exponent's.</summary>
    [Operator("Pow")]
    public static Kernel Pow(NodeContext node)
    {
        int a = node.Input(0), b = node.Input(1);
        return Scoped.One(node, frame =>
        {
            Tensor number = frame[a], exponent = frame.Beside(frame[b], frame[a]);
            if (number.is_floating_point())
            {
                return number.pow(exponent.to(number.dtype));
            }

            bool whole = !exponent.is_floating_point() && (exponent.numel() == 0 || exponent.min().ToInt64() >= 0);
            return (whole ? number.to(ScalarType.Int64).pow(exponent.to(ScalarType.Int64)) : number.to(ScalarType.Float64).pow(exponent.to(ScalarType.Float64))).to(number.dtype);
        });
    }

    [Operator("Sum")]
    public static Kernel Sum(NodeContext node) => Several(node, static (a, b) => a.Plus(b));

    [Operator("Max")]
    public static Kernel Max(NodeContext node) => Several(node, static (a, b) => a.maximum(b));

    [Operator("Min")]
    public static Kernel Min(NodeContext node) => Several(node, static (a, b) => a.minimum(b));

    [Operator("Mean")]
    public static Kernel Mean(NodeContext node)
    {
        int[] inputs = Inputs(node);
        return Scoped.One(node, frame => Fold(frame, inputs, static (a, b) => a.Plus(b)).div(Number.Of(inputs.Length)));
    }

    /// <summary>A kernel of two inputs and one call.</summary>
    internal static Kernel Binary(NodeContext node, Func<Tensor, Tensor, Tensor> compute)
    {
        int a = node.Input(0), b = node.Input(1), y = node.Output(0);
        return frame =>
        {
            Tensor left = frame[a], right = frame[b];
            if (frame.OnHost || left.device_type == right.device_type)
            {
                frame[y] = compute(left, right);
                return;
            }

            // Shape arithmetic runs on the host; where it meets the device, the device's side is it.
            using var moved = left.device_type == DeviceType.CPU ? left.to(right.device) : right.to(left.device);
            frame[y] = left.device_type == DeviceType.CPU ? compute(moved, right) : compute(left, moved);
        };
    }

    private static Kernel Several(NodeContext node, Func<Tensor, Tensor, Tensor> compute)
    {
        int[] inputs = Inputs(node);
        return Scoped.One(node, frame => Fold(frame, inputs, compute));
    }

    private static Tensor Fold(Frame frame, int[] inputs, Func<Tensor, Tensor, Tensor> compute)
    {
        var result = frame[inputs[0]];
        foreach (int input in inputs.AsSpan(1))
        {
            result = compute(result, frame.Beside(frame[input], result));
        }

        return result;
    }

    private static int[] Inputs(NodeContext node) => [node.Input(0), .. Enumerable.Range(1, node.InputCount - 1).Select(node.Input)];
}
