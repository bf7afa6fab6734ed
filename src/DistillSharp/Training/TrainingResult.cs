namespace DistillSharp.Training;

/// <summary>What training came to.</summary>
/// <param name="Model">The best epoch's model: the bytes of <c>best.onnx</c>.</param>
/// <param name="BestEpochNumber">The 1-based best epoch.</param>
/// <param name="Curve">Every epoch.</param>
/// <param name="StoppedEarly">Whether patience ran out before the last epoch.</param>
/// <param name="BadSamples">Pictures left out because they could not be read.</param>
public sealed record TrainingResult(byte[] Model, int BestEpochNumber, IReadOnlyList<EpochResult> Curve, bool StoppedEarly, IReadOnlyList<string> BadSamples);
