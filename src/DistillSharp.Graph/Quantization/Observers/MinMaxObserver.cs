namespace DistillSharp.Graph.Quantization.Observers;

/// <summary>Covers every number seen. Nothing is cut off; one outlier makes all steps coarse.</summary>
public sealed class MinMaxObserver : RangeObserver
{
    /// <inheritdoc/>
    public override QuantizationRange Range() => new(Least, Greatest);
}
