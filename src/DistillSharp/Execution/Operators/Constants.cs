using DistillSharp.Graph;
using DistillSharp.Native;
using static TorchSharp.torch;

namespace DistillSharp.Execution.Operators;

/// <summary>Constant, ConstantOfShape and Range.</summary>
internal static class Constants
{
    /// <summary>What the executor can hold was made an initialiser; a node still here holds text or a sparse tensor.</summary>
    [Operator("Constant", Note = "numbers; no text, no sparse tensors")]
    public static Kernel Constant(NodeContext node) =>
        throw node.Refuse($"a constant given as {string.Join(", ", node.Node.Attributes.Keys)} is not covered; value, value_int, value_ints, value_float and value_floats are.");

    [Operator("ConstantOfShape")]
    public static Kernel ConstantOfShape(NodeContext node)
    {
        var value = node.Node.Attributes.TryGetValue("value", out var attribute) ? (attribute as TensorValue)?.Value : TensorData.Create<float>([0f], 1);
        if (value is not { Count: 1 })
        {
            throw node.Refuse("its value must be a tensor of one number.");
        }

        var shape = node.Integers(0);
        return Scoped.One(node, frame =>
        {
            long[] sizes = shape(frame)!;
            if (sizes.Any(size => size < 0))
            {
                throw new ArgumentException($"the shape [{string.Join(", ", sizes)}] has a negative size.");
            }

            _ = RuntimeShape.Count(sizes);
            return TensorConversion.ToTensor(value, frame.Precision, frame.Device).reshape([]).expand(sizes).contiguous();
        });
    }

    [Operator("Range")]
    public static Kernel Range(NodeContext node)
    {
        int start = node.Input(0), limit = node.Input(1), delta = node.Input(2);
        return Scoped.One(node, frame =>
        {
            double first = RuntimeShape.ReadNumber(frame[start]), step = RuntimeShape.ReadNumber(frame[delta]);
            double count = Math.Max(0, Math.Ceiling((RuntimeShape.ReadNumber(frame[limit]) - first) / step));
            if (!double.IsFinite(count) || count > int.MaxValue)
            {
                throw new ArgumentException($"a range from {first} in steps of {step} has no end.");
            }

            var type = frame[start].dtype;
            var steps = arange(Number.Of(0L), Number.Of((long)count), Number.One, ScalarType.Int64, frame[start].device).to(type);
            return steps.mul(frame[delta].reshape([])).Plus(frame[start].reshape([])).to(type);
        });
    }
}
