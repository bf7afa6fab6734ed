using DistillSharp.Graph;

namespace Conformance.Tests.Operators.Generated;

/// <summary>Between floats and integers of 8 and 16 bits: for a tensor, along an axis, in blocks of one.</summary>
internal static class QuantizationDrafts
{
    public static readonly Dictionary<string, (int Since, Action<Draft> Draw)> Cases = new()
    {
        ["QuantizeLinear"] = (10, d => Draw(d, back: false)),
        ["DequantizeLinear"] = (10, d => Draw(d, back: true)),
    };

    private static void Draw(Draft d, bool back)
    {
        // Scales are powers of two: on which side of a half a quotient lies is then no matter of rounding.
        long[] shape = d.Shape();
        int axis = d.Next(0, shape.Length - 1);
        string layout = d.Any<string>(d.Opset >= 21 ? ["tensor", "axis", "block"] : d.Opset >= 13 ? ["tensor", "axis"] : ["tensor"]);
        long block = d.Next(1, 3);
        long[] scales = layout switch
        {
            "tensor" => [],
            "axis" => [shape[axis]],
            _ => [.. shape.Select((size, i) => i == axis ? (size + block - 1) / block : size)],
        };
        var type = d.Any<ElementType>(d.Opset >= 21 ? [ElementType.Int8, ElementType.UInt8, ElementType.Int16, ElementType.UInt16] : [ElementType.Int8, ElementType.UInt8]);
        bool wide = type is ElementType.Int16 or ElementType.UInt16, signed = type is ElementType.Int8 or ElementType.Int16;
        int low = signed ? (wide ? -32768 : -128) : 0, high = low + (wide ? 65535 : 255);
        _ = back ? d.Feed(Whole(d, type, shape, low, high)) : d.Floats(shape, wide ? -9000 : -40, wide ? 9000 : 40);

        int count = (int)TensorData.CountOf(scales);
        d.Constant(TensorData.Create<float>([.. Enumerable.Range(0, count).Select(_ => d.Any(0.25f, 0.5f, 0.125f))], scales));
        bool named = d.Opset >= 21 && !back && d.Coin();
        _ = named ? d.With("output_dtype", (long)type) : d.Constant(Whole(d, type, scales, signed ? -20 : 0, 100));
        _ = layout == "tensor" ? d : d.With("axis", (long)(d.Coin() ? axis : axis - shape.Length));
        _ = layout == "block" ? d.With("block_size", block) : d;
        d.Output(back ? ElementType.Float32 : type);
    }

    private static TensorData Whole(Draft d, ElementType type, long[] shape, int low, int high)
    {
        int[] values = [.. Enumerable.Range(0, (int)TensorData.CountOf(shape)).Select(_ => d.Next(low, high))];
        return type switch
        {
            ElementType.Int8 => TensorData.Create<sbyte>([.. values.Select(value => (sbyte)value)], shape),
            ElementType.UInt8 => TensorData.Create<byte>([.. values.Select(value => (byte)value)], shape),
            ElementType.Int16 => TensorData.Create<short>([.. values.Select(value => (short)value)], shape),
            _ => TensorData.Create<ushort>([.. values.Select(value => (ushort)value)], shape),
        };
    }
}
