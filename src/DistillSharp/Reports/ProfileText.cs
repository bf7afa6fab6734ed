using System.Globalization;
using DistillSharp.Runtime.Profiling;

namespace DistillSharp.Reports;

/// <summary>How the tables of all reports speak of speed and memory: at which batch they were measured stands beside the figure.</summary>
internal static class ProfileText
{
    /// <summary>The name of a latency: with the batch, where that is not one image.</summary>
    /// <param name="name">The name.</param>
    /// <param name="profiles">What was measured of each variant; null for none.</param>
    public static string Latency(string name, IEnumerable<ModelProfile?> profiles) =>
        profiles.FirstOrDefault(one => one is not null) is { LatencyBatch: > 1 and var batch } ? string.Create(CultureInfo.InvariantCulture, $"{name} (batch {batch})") : name;

    /// <summary>The name of a figure of whole batches, with the batch.</summary>
    /// <param name="name">The name.</param>
    /// <param name="profiles">What was measured of each variant; null for none.</param>
    public static string Batch(string name, IEnumerable<ModelProfile?> profiles) =>
        profiles.FirstOrDefault(one => one is not null) is { Batch: var batch } ? string.Create(CultureInfo.InvariantCulture, $"{name} (batch {batch})") : name;

    /// <summary>How it was measured, in sentences; empty where nothing was.</summary>
    /// <param name="variants">The variants and what was measured of each.</param>
    /// <param name="repeat">Which repeat's models were measured: <c>first seed</c>.</param>
    public static string Method(IReadOnlyList<(string Name, ModelProfile? Profile)> variants, string repeat)
    {
        if (variants.Select(variant => variant.Profile).FirstOrDefault(one => one is not null) is not { } profile)
        {
            return "";
        }

        string shared = string.Concat(variants.Where(variant => variant.Profile is not null).GroupBy(variant => variant.Profile).Where(same => same.Count() > 1)
            .Select(same => $" {string.Join(" and ", same.Select(variant => variant.Name))} differ only in their weights and were measured once."));
        return string.Create(
            CultureInfo.InvariantCulture,
            $" p50 and p95 are for {(profile.LatencyBatch == 1 ? "one image" : $"a batch of {profile.LatencyBatch}")}, images/s and peak memory for batches of {profile.Batch} (ONNX Runtime on {profile.Threads} {(profile.Threads == 1 ? "thread" : "threads")}, {repeat}). Peak memory is that of a process that ran only this model.{shared}");
    }
}
