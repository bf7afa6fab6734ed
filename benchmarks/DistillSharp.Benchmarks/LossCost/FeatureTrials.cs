namespace DistillSharp.Benchmarks.LossCost;

/// <summary>Losses of features.</summary>
internal static class FeatureTrials
{
    public static IEnumerable<LossTrial> All => [.. MapTrials.All, .. AlignedMapTrials.All, .. ConnectorTrials.All, .. ReviewTrials.All, .. FactorTrials.All, .. ClassifierTrials.All];
}
