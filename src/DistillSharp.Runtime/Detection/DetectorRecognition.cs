namespace DistillSharp.Runtime.Detection;

/// <summary>Tells detectors from other models.</summary>
public static class DetectorRecognition
{
    /// <summary>What is wrong with a model whose answers are maps: it is neither a classifier nor a detector that can be read.</summary>
    /// <param name="session">The model.</param>
    /// <returns>What it looks like, in sentences; null where nothing is wrong.</returns>
    public static string? Refusal(ModelSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Refusal(session, DetectorOutput.NameOf(session));
    }

    /// <summary>What is wrong with one output; null where nothing is.</summary>
    internal static string? Refusal(ModelSession session, string output) => session.Native.OutputMetadata[output] is not { IsTensor: true } told ? null
        : UnsupportedDetector.OfMap([.. session.InputShape.Select(size => (long?)size)], output, [.. told.Dimensions.Select(size => size > 0 ? size : (long?)null)]);

    /// <summary>Whether a model is a detector: as its card says; without a card, where it maps pictures, <c>[N, 3, H, W]</c>, to an output of three axes.</summary>
    /// <param name="session">The model.</param>
    public static bool Recognises(ModelSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Card is { } card ? card.IsDetector
            : session.InputShape is [_, null or 3, _, _] && session.Native.OutputMetadata[DetectorOutput.NameOf(session)].Dimensions.Length == 3;
    }
}
