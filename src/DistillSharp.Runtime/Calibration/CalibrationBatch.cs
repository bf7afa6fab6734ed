namespace DistillSharp.Runtime.Calibration;

/// <summary>Some samples that a model is calibrated on.</summary>
/// <param name="Pixels">The input's elements, row-major; valid until the next batch is taken.</param>
/// <param name="Shape">The input's shape, <c>[N, C, H, W]</c> for pictures.</param>
public sealed record CalibrationBatch(ReadOnlyMemory<float> Pixels, IReadOnlyList<long> Shape);
