namespace DistillSharp.Graph.Quantization;

/// <summary>The integers that stand for activations and weights.</summary>
/// <param name="Activations">Int8 or UInt8.</param>
/// <param name="Weights">Int8, or UInt8 with zero at 128.</param>
/// <param name="ReducedRange">Whether weights use 7 of their 8 bits, so that the sum of two products fits 16 bits.</param>
public sealed record QuantizationScheme(ElementType Activations, ElementType Weights, bool ReducedRange)
{
    /// <summary>The largest step away from zero that a weight takes: 127, or 63 in the reduced range.</summary>
    public int WeightSteps => ReducedRange ? 63 : 127;

    /// <summary>The integer that stands for a weight of zero.</summary>
    public int WeightZero => Weights == ElementType.UInt8 ? 128 : 0;

    /// <summary>The scheme of a target: S8S8 on ARM, U8S8 on VNNI, with AVX2 only U8S8 in the reduced range, or U8U8.</summary>
    /// <remarks>
    /// VNNI's instruction multiplies unsigned by signed bytes, and ONNX Runtime rewrites signed activations for it when it loads a file; but it
    /// leaves those that two nodes read, whose neighbours then run in float. So the file holds at once what the processor multiplies.
    /// </remarks>
    /// <param name="target">The target.</param>
    public static QuantizationScheme Of(QuantizationTarget target) => target switch
    {
        QuantizationTarget.Auto => Of(ProcessorTarget.Detect()),
        QuantizationTarget.Vnni => new(ElementType.UInt8, ElementType.Int8, ReducedRange: false),
        QuantizationTarget.Avx2 => new(ElementType.UInt8, ElementType.Int8, ReducedRange: true),
        QuantizationTarget.Avx2Unsigned => new(ElementType.UInt8, ElementType.UInt8, ReducedRange: false),
        _ => new(ElementType.Int8, ElementType.Int8, ReducedRange: false),
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Letter(Activations)}{Letter(Weights)}{(ReducedRange ? ", 7-bit weights" : "")}";

    private static string Letter(ElementType type) => type == ElementType.UInt8 ? "U8" : "S8";
}
