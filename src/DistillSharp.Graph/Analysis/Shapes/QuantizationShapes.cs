namespace DistillSharp.Graph.Analysis.Shapes;

/// <summary>Between floats and the integers that stand for them.</summary>
internal static class QuantizationShapes
{
    public static IEnumerable<ShapeRule> All =>
    [
        ShapeRules.Any("QuantizeLinear", c => [new(Quantized(c), c.Shape(0))]),
        ShapeRules.Any("DequantizeLinear", c => [new(c.Opset >= 19 && c.Type(1) != ElementType.Undefined ? c.Type(1) : ElementType.Float32, c.Shape(0))]),
        ShapeRules.Any("DynamicQuantizeLinear", c => [new(ElementType.UInt8, c.Shape(0)), new(ElementType.Float32, []), new(ElementType.UInt8, [])]),
        ShapeRules.Any("ConvInteger", c => [new(ElementType.Int32, c.Shape(0) is null ? null : WindowShapes.Conv(c, 1))]),
        ShapeRules.Any("MatMulInteger", c => [new(ElementType.Int32, c.Shape(0) is null ? null : MatrixShapes.MatMul(c, 1))]),
        ShapeRules.Any("QLinearConv", c => [new(c.Type(7), c.Shape(0) is null ? null : WindowShapes.Conv(c, 3))]),
        ShapeRules.Any("QLinearMatMul", c => [new(c.Type(7), c.Shape(0) is null ? null : MatrixShapes.MatMul(c, 3))]),
    ];

    private static ElementType Quantized(ShapeNode c) =>
        c.Given(2) ? c.Type(2) : c.Node.Int("output_dtype", 0) is > 0 and var told ? (ElementType)told : ElementType.UInt8;
}
