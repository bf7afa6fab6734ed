using System.Globalization;
using DistillSharp.Reports;

namespace DistillSharp.Detection.Reports;

/// <summary>The table of a report, for page and terminal alike.</summary>
public static class DetectionTable
{
    /// <summary>The headings; those of speed and memory name the batch.</summary>
    /// <param name="report">The report.</param>
    public static IReadOnlyList<string> Header(DetectionRunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var profiles = report.Variants.Select(variant => variant.Profile).ToList();
        return ["", "model", "mAP50-95", "mAP50", "precision", "recall", "parameters", "file", ProfileText.Latency("p50", profiles), ProfileText.Latency("p95", profiles), ProfileText.Batch("images/s", profiles), ProfileText.Batch("peak memory", profiles)];
    }

    /// <summary>A row for each variant; cells that nothing is known for are empty.</summary>
    /// <param name="report">The report.</param>
    public static IReadOnlyList<IReadOnlyList<string>> Rows(DetectionRunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return [.. report.Variants.Select(Row)];
    }

    private static IReadOnlyList<string> Row(DetectorVariant variant)
    {
        string Figure(Func<DetectorScore, double> figure) => variant.Scores.Count == 1
            ? variant.Mean(figure).ToString("0.000", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{variant.Mean(figure):0.000} ± {variant.Deviation(figure):0.000}");
        string Measured(Func<Runtime.Profiling.ModelProfile, string?> figure) => variant.Profile is { } profile ? figure(profile) ?? "" : "";
        return
        [
            variant.Name,
            variant.Model,
            Figure(score => score.Map),
            Figure(score => score.Map50),
            Figure(score => score.Precision),
            Figure(score => score.Recall),
            variant.Parameters.ToString("N0", CultureInfo.InvariantCulture),
            ReportTable.Size(variant.FileLength),
            Measured(profile => string.Create(CultureInfo.InvariantCulture, $"{profile.LatencyP50:0.00} ms")),
            Measured(profile => string.Create(CultureInfo.InvariantCulture, $"{profile.LatencyP95:0.00} ms")),
            Measured(profile => profile.Throughput.ToString("N0", CultureInfo.InvariantCulture)),
            Measured(profile => profile.PeakMemory is { } peak ? ReportTable.Size(peak) : null),
        ];
    }
}
