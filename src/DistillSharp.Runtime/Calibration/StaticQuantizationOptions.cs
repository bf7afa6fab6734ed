using DistillSharp.Graph.Quantization;
using DistillSharp.Graph.Quantization.Observers;

namespace DistillSharp.Runtime.Calibration;

/// <summary>How a model is quantised with scales fixed by calibration.</summary>
public sealed record StaticQuantizationOptions
{
    /// <summary>The integers, the target, and what stays in float.</summary>
    public QuantizationOptions Quantization { get; init; } = new();

    /// <summary>How ranges are chosen. Default: every number seen is covered.</summary>
    public CalibrationMethod Calibration { get; init; } = CalibrationMethod.MinMax;

    /// <summary>The percentile of that calibration, above 50 and at most 100. Default 99.99.</summary>
    public double Percentile
    {
        get;
        init => field = value is > 50 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(Percentile), value, "The percentile is above 50 and at most 100; 99.99 in practice.");
    } = 99.99;

    /// <summary>Whether the ranges of channels are evened out between layers first (arXiv:1906.04721, section 4.1). Default false: scales per channel need it less.</summary>
    public bool Equalize { get; init; }

    /// <summary>Whether the mean error that rounding leaves in each layer is taken out of its bias (arXiv:1906.04721, section 4.2). Default false.</summary>
    public bool CorrectBias { get; init; }

    /// <summary>Threads of ONNX Runtime while calibrating, 0 (default) for one a core.</summary>
    public int Threads { get; init; }
}
