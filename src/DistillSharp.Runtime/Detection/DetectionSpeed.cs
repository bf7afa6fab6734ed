namespace DistillSharp.Runtime.Detection;

/// <summary>Where the time of a detection goes, in milliseconds a picture.</summary>
/// <param name="Preprocess">Waiting for the picture, or fitting it, and turning its pixels into numbers.</param>
/// <param name="Inference">Running the model.</param>
/// <param name="Postprocess">Decoding and suppression.</param>
public readonly record struct DetectionSpeed(double Preprocess, double Inference, double Postprocess)
{
    /// <summary>All three.</summary>
    public double Total => Preprocess + Inference + Postprocess;
}
