namespace DistillSharp.Graph.Quantization;

/// <summary>How a graph is quantised.</summary>
public sealed record QuantizationOptions
{
    /// <summary>The processor it is made for. Default: the one this process runs on.</summary>
    public QuantizationTarget Target { get; init; } = QuantizationTarget.Auto;

    /// <summary>Int8 or UInt8 for activations; null (default) for what suits the target.</summary>
    public ElementType? ActivationType
    {
        get;
        init => field = value is null or ElementType.Int8 or ElementType.UInt8 ? value : throw new ArgumentOutOfRangeException(nameof(ActivationType), value, "Activations are quantised to Int8 or UInt8.");
    }

    /// <summary>Int8 or UInt8 (zero at 128) for weights; null (default) for what suits the target.</summary>
    public ElementType? WeightType
    {
        get;
        init => field = value is null or ElementType.Int8 or ElementType.UInt8 ? value : throw new ArgumentOutOfRangeException(nameof(WeightType), value, "Weights are quantised to Int8 or UInt8.");
    }

    /// <summary>Whether weights use 7 bits; null (default) for what suits the target.</summary>
    public bool? ReducedRange { get; init; }

    /// <summary>Whether every output channel of a weight has its own scale. Default true; false loses accuracy and saves a few bytes.</summary>
    public bool PerChannel { get; init; } = true;

    /// <summary>
    /// Whether the range of activations of both signs is symmetric around zero. Default false, which spends no step on values that do not
    /// occur. Values that are never negative (after Relu) keep zero at the range's end in either case, or Relu could not be fused.
    /// </summary>
    public bool SymmetricActivations { get; init; }

    /// <summary>Nodes that stay in float, each by its name or by the name of a value it makes. Default none.</summary>
    public IReadOnlyCollection<string> KeepFloat { get; init; } = [];

    /// <summary>Operators that stay in float, <c>Add</c>. Default none.</summary>
    public IReadOnlyCollection<string> KeepFloatOperators { get; init; } = [];

    /// <summary>The integers that come of target and explicit choices.</summary>
    public QuantizationScheme Scheme
    {
        get
        {
            var scheme = QuantizationScheme.Of(Target);
            return new(ActivationType ?? scheme.Activations, WeightType ?? scheme.Weights, ReducedRange ?? scheme.ReducedRange);
        }
    }
}
