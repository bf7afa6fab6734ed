using DistillSharp.Tasks.Detection.Data;

namespace DistillSharp.Detection.Data;

/// <summary>Checks one part of a set: train, val or test.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="ClassCount">The number of classes.</param>
/// <param name="AllowsNoBoxes">Whether it may be without a single box.</param>
/// <param name="Options">The set's options.</param>
/// <param name="Cancellation">Stops the check.</param>
internal sealed record SplitCheck(string Name, int ClassCount, bool AllowsNoBoxes, DetectionDataOptions Options, CancellationToken Cancellation)
{
    /// <summary>Checks pictures.</summary>
    /// <param name="pictures">Their paths.</param>
    /// <param name="labels">How their boxes lie on disk.</param>
    /// <param name="hint">What an error about missing labels adds.</param>
    public DetectionFiles Run(IReadOnlyList<string> pictures, PictureLabels labels, string hint) => new DetectionChecker(new()
    {
        Name = Name,
        ClassCount = ClassCount,
        AllowsNoBoxes = AllowsNoBoxes,
        UseCache = Options.UseCache,
        CacheFolder = Options.CacheFolder,
        Workers = Options.Workers,
        LabelHint = hint,
    }).Check(pictures, labels, Cancellation);
}
