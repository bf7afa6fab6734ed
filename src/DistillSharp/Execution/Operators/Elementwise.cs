using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Functions of single numbers: roots and logarithms, rounding, the circle's and the hyperbola's.</summary>
internal static class Elementwise
{
    [Operator("Abs")]
    public static Kernel Abs(NodeContext node) => Activations.Unary(node, static x => x.abs());

    [Operator("Neg")]
    public static Kernel Neg(NodeContext node) => Activations.Unary(node, static x => x.neg());

    [Operator("Exp")]
    public static Kernel Exp(NodeContext node) => Activations.Unary(node, static x => x.exp());

    [Operator("Log")]
    public static Kernel Log(NodeContext node) => Activations.Unary(node, static x => x.log());

    [Operator("Sqrt")]
    public static Kernel Sqrt(NodeContext node) => Activations.Unary(node, static x => x.sqrt());

    [Operator("Reciprocal")]
    public static Kernel Reciprocal(NodeContext node) => Activations.Unary(node, static x => x.reciprocal());

    [Operator("Erf")]
    public static Kernel Erf(NodeContext node) => Activations.Unary(node, static x => x.erf());

    [Operator("Sign")]
    public static Kernel Sign(NodeContext node) => Activations.Unary(node, static x => x.sign());

    [Operator("Floor")]
    public static Kernel Floor(NodeContext node) => Activations.Unary(node, static x => x.floor());

    [Operator("Ceil")]
    public static Kernel Ceil(NodeContext node) => Activations.Unary(node, static x => x.ceil());

    /// <summary>Halves go to the even neighbour, in libtorch as in ONNX.</summary>
    [Operator("Round")]
    public static Kernel Round(NodeContext node) => Activations.Unary(node, static x => x.round());

    [Operator("Sin")]
    public static Kernel Sin(NodeContext node) => Activations.Unary(node, static x => x.sin());

    [Operator("Cos")]
    public static Kernel Cos(NodeContext node) => Activations.Unary(node, static x => x.cos());

    [Operator("Tan")]
    public static Kernel Tan(NodeContext node) => Activations.Unary(node, static x => x.tan());

    [Operator("Asin")]
    public static Kernel Asin(NodeContext node) => Activations.Unary(node, static x => x.asin());

    [Operator("Acos")]
    public static Kernel Acos(NodeContext node) => Activations.Unary(node, static x => x.acos());

    [Operator("Atan")]
    public static Kernel Atan(NodeContext node) => Activations.Unary(node, static x => x.atan());

    [Operator("Sinh")]
    public static Kernel Sinh(NodeContext node) => Activations.Unary(node, static x => x.sinh());

    [Operator("Cosh")]
    public static Kernel Cosh(NodeContext node) => Activations.Unary(node, static x => x.cosh());

    [Operator("Asinh")]
    public static Kernel Asinh(NodeContext node) => Activations.Unary(node, static x => x.asinh());

    [Operator("Acosh")]
    public static Kernel Acosh(NodeContext node) => Activations.Unary(node, static x => x.acosh());

    [Operator("Atanh")]
    public static Kernel Atanh(NodeContext node) => Activations.Unary(node, static x => x.atanh());

    [Operator("IsNaN")]
    public static Kernel IsNaN(NodeContext node) => Activations.Unary(node, static x => x.isnan());

    [Operator("IsInf")]
    public static Kernel IsInf(NodeContext node)
    {
        bool negative = node.Node.Int("detect_negative", 1) != 0, positive = node.Node.Int("detect_positive", 1) != 0;
        return Activations.Unary(node, (negative, positive) switch
        {
            (true, true) => static x => x.isinf(),
            (true, false) => static x => x.isneginf(),
            (false, true) => static x => x.isposinf(),
            _ => static x => zeros_like(x, ScalarType.Bool),
        });
    }
}
