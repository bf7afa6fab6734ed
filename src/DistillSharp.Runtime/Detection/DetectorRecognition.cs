namespace DistillSharp.Runtime.Detection;

/// <summary>Tells detectors from other models.</summary>
public static class DetectorRecognition
{
    /// <summary>Whether a model is a detector: as its card says; without a card, where it maps pictures, <c>[N, 3, H, W]</c>, to an output of three axes.</summary>
    /// <param name="session">The model.</param>
    public static bool Recognises(ModelSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Card is { } card ? card.IsDetector
            : session.InputShape is [_, null or 3, _, _] && session.Native.OutputMetadata[DetectorOutput.NameOf(session)].Dimensions.Length == 3;
    }
}
