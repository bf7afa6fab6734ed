using DistillSharp.Graph;
using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>
/// Cast and CastLike. Every floating-point type is the executor's own; integers keep their low bits; floats are cut towards
/// zero; what is not zero is true.
/// </summary>
internal static class Casts
{
    [Operator("Cast", Note = "floating-point types are all the executor's own; no text, no types below 8 bits")]
    public static Kernel Cast(NodeContext node)
    {
        var type = (ElementType)node.Node.Int("to", 0);
        if (!Enum.IsDefined(type) || type is ElementType.Text or ElementType.Undefined)
        {
            throw node.Refuse($"a conversion to type {(int)type} is not covered; to {ElementType.Bool}, integers and floats of 16 bits or more it is.");
        }

        int x = node.Input(0);
        return Scoped.One(node, frame => Convert(frame[x], type, TypeOf(type, frame)));
    }

    [Operator("CastLike", Note = "as Cast")]
    public static Kernel CastLike(NodeContext node)
    {
        int x = node.Input(0), like = node.Input(1);
        var declared = node.DeclaredType(1);
        return Scoped.One(node, frame => Convert(frame[x], declared ?? TensorConversion.ElementTypeOf(frame[like].dtype), frame[like].dtype));
    }

    /// <summary>The type that values of an element type run in.</summary>
    internal static ScalarType TypeOf(ElementType type, Frame frame) =>
        type is ElementType.Float16 or ElementType.BFloat16 or ElementType.Float32 or ElementType.Float64 ? frame.Precision : TensorConversion.TypeOf(type);

    private static Tensor Convert(Tensor value, ElementType type, ScalarType running)
    {
        if (running is ScalarType.Bool)
        {
            return value.ne(Number.Of(0));
        }

        // From a float by way of int64: a direct conversion to a narrow type is undefined where the number does not fit.
        bool narrow = value.is_floating_point() && running is not (ScalarType.Float32 or ScalarType.Float64);
        var whole = narrow ? value.to(ScalarType.Int64) : value;
        return UnsignedTypes.AreWidened(type) ? UnsignedTypes.Wrap(whole, type) : whole.to(running);
    }
}
