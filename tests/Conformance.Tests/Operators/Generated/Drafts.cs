namespace Conformance.Tests.Operators.Generated;

/// <summary>How the graphs of each operator are drawn, and from which operator set on it exists.</summary>
internal static class Drafts
{
    /// <summary>By operator: the first operator set that has it, and what draws one.</summary>
    public static IReadOnlyDictionary<string, (int Since, Action<Draft> Draw)> All { get; } =
        new[]
        {
            ElementwiseDrafts.Cases, ArithmeticDrafts.Cases, ReductionDrafts.Cases, WindowDrafts.Cases, NormalizationDrafts.Cases,
            ShapeDrafts.Cases, IndexDrafts.Cases, ResizeDrafts.Cases, ConstantDrafts.Cases, QuantizationDrafts.Cases, BitDrafts.Cases,
        }.SelectMany(cases => cases).ToDictionary(StringComparer.Ordinal);

    /// <summary>Operators for which ONNX Runtime is no reference here, and why.</summary>
    public static IReadOnlyDictionary<string, string> Unmatched { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Constant"] = "it is folded before either side runs; the unit tests hold its forms",
        ["Scatter"] = "from opset 11 on it is ScatterElements; the older forms hold it",
        ["Upsample"] = "from opset 10 on it is Resize; the older forms hold it",
    };
}
