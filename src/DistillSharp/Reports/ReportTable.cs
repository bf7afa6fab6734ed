using System.Globalization;
using DistillSharp.Tasks.Classification;

namespace DistillSharp.Reports;

/// <summary>The comparison as rows of text: the screen and the page print the same strings, so they agree to the digit.</summary>
/// <param name="Header">The column names.</param>
/// <param name="Rows">One row a variant.</param>
public sealed record ReportTable(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>Makes the table of a report.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The table.</returns>
    public static ReportTable Of(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        bool several = report.Seeds.Count > 1;
        var profiles = report.Variants.Select(variant => variant.Profile).ToList();
        return new(
            ["", "model", "errors", "top-1 %", "top-5 %", "NLL", "ECE %", "agrees %", "parameters", "MACs", "file", ProfileText.Latency("p50 ms", profiles), ProfileText.Latency("p95 ms", profiles), ProfileText.Batch("images/s", profiles), ProfileText.Batch("peak memory", profiles)],
            [.. report.Variants.Select(variant => (IReadOnlyList<string>)[
                variant.Name,
                variant.Model,
                Figure(variant, score => score.Errors, several ? "0.0" : "0", several),
                Figure(variant, score => 100 * score.Top1, "0.00", several),
                Figure(variant, score => 100 * score.Top5, "0.00", several: false),
                Figure(variant, score => score.Nll, "0.0000", several: false),
                Figure(variant, score => 100 * score.CalibrationError, "0.00", several: false),
                variant.Seeds.All(seed => seed.Score.Agreement is not null) ? Figure(variant, score => 100 * score.Agreement!.Value, "0.00", several: false) : "",
                Count(variant.Parameters),
                variant.Macs is { } macs ? Count(macs) : "?",
                Size(variant.FileLength),
                variant.Profile is { } p50 ? Text(p50.LatencyP50, "0.000") : "",
                variant.Profile is { } p95 ? Text(p95.LatencyP95, "0.000") : "",
                variant.Profile is { } rate ? Text(rate.Throughput, "#,0") : "",
                variant.Profile?.PeakMemory is { } memory ? Size(memory) : "",
            ])]);
    }

    /// <summary>A number of bytes in words: <c>1.31 MB</c> (1 MB = 1,000,000 bytes).</summary>
    /// <param name="bytes">Bytes.</param>
    public static string Size(long bytes) => bytes switch
    {
        >= 1_000_000_000 => Text(bytes / 1e9, "0.00") + " GB",
        >= 1_000_000 => Text(bytes / 1e6, "0.00") + " MB",
        _ => Text(bytes / 1e3, "0.0") + " kB",
    };

    private static string Count(long number) => number switch
    {
        >= 1_000_000_000 => Text(number / 1e9, "0.00") + " G",
        >= 1_000_000 => Text(number / 1e6, "0.00") + " M",
        >= 10_000 => Text(number / 1e3, "0.0") + " k",
        _ => Text(number, "0"),
    };

    private static string Figure(VariantReport variant, Func<ClassificationScore, double> figure, string format, bool several) =>
        Text(variant.Mean(figure), format) + (several ? " ± " + Text(variant.Deviation(figure), format) : "");

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
