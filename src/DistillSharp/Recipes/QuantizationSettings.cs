using DistillSharp.Graph.Quantization;
using DistillSharp.Graph.Quantization.Observers;
using DistillSharp.Runtime.Calibration;

namespace DistillSharp.Recipes;

/// <summary>How the finished student is made INT8, calibrated on samples it learned from.</summary>
public sealed record QuantizationSettings
{
    /// <summary>How the ranges of activations are chosen. Default <c>min-max</c>: every number seen is covered.</summary>
    public CalibrationMethod Calibration { get; init; } = CalibrationMethod.MinMax;

    /// <summary>The percentile of that calibration, above 50 and at most 100. Default 99.99.</summary>
    public double Percentile
    {
        get;
        init => field = new StaticQuantizationOptions { Percentile = value }.Percentile;
    } = 99.99;

    /// <summary>How many training samples are drawn to calibrate on, 1 or more; all if there are fewer. Default 512.</summary>
    public int Samples
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Samples), value, "Calibration needs 1 sample or more; 512 suffice.");
    } = 512;

    /// <summary>The processor the file is made for. Default <c>auto</c>, this one.</summary>
    public QuantizationTarget Target { get; init; }

    /// <summary>Whether the ranges of channels are evened out between layers first (arXiv:1906.04721, section 4.1). Default no.</summary>
    public bool Equalize { get; init; }

    /// <summary>Whether the mean error that rounding leaves in each layer is taken out of its bias (arXiv:1906.04721, section 4.2). Default no.</summary>
    public bool CorrectBias { get; init; }

    /// <summary>The same for the quantiser.</summary>
    internal StaticQuantizationOptions ToOptions(int threads) => new()
    {
        Quantization = new() { Target = Target },
        Calibration = Calibration,
        Percentile = Percentile,
        Equalize = Equalize,
        CorrectBias = CorrectBias,
        Threads = threads,
    };
}
