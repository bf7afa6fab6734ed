using System.Globalization;
using DistillSharp.Reports;
using DistillSharp.Runtime.Profiling;

namespace DistillSharp.Cli.Views;

/// <summary>A comparison of models as text: the screen and the Markdown file show the same strings, the CSV file every digit.</summary>
internal static class BenchTable
{
    public static IReadOnlyList<string> Header { get; } = ["model", "p50 ms", "p95 ms", "p99 ms", "samples/s", "times the first", "cold start ms", "peak memory", "file", "threads"];

    public static IReadOnlyList<IReadOnlyList<string>> Rows(BenchmarkReport report) =>
        [.. report.Results.Select(result => (IReadOnlyList<string>)[
            result.Path,
            Text(result.LatencyP50, "0.000"),
            Text(result.LatencyP95, "0.000"),
            Text(result.LatencyP99, "0.000"),
            Text(result.Throughput, "#,0"),
            result.Ratio is { } ratio ? $"{Text(ratio.Median, "0.000")} ({Text(ratio.Low, "0.000")} to {Text(ratio.High, "0.000")})" : "1",
            result.ColdStart is { } start ? Text(start, "0") : "",
            result.PeakMemory is { } memory ? ReportTable.Size(memory) : "",
            ReportTable.Size(result.FileLength),
            result.Threads.ToString(CultureInfo.InvariantCulture),
        ])];

    /// <summary>How it was measured, in sentences.</summary>
    public static string Method(BenchmarkReport report) =>
        string.Create(CultureInfo.InvariantCulture, $"{report.Rounds} rounds of {report.Runs} predictions a model, interleaved, after {report.WarmUps} untimed ones, on {report.Cores} cores. ")
        + (report.Results.Count > 1 ? "Times the first: the median over rounds of the ratio of the two medians, and its 95 % bootstrap interval. " : "")
        + (report.Starts > 0 ? string.Create(CultureInfo.InvariantCulture, $"Cold start (process start to first prediction) and peak resident memory: the median of {report.Starts} processes of their own, .NET's own share included.") : "No process was started: no cold start, no memory.");

    public static string Markdown(BenchmarkReport report) =>
        string.Join('\n', [
            Line(Header),
            Line(Header.Select((_, column) => column == 0 ? "---" : "---:")),
            .. Rows(report).Select(row => Line(row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))),
            "",
            .. report.Results.Select(result => $"- `{result.Path}`: {result.Inputs}"),
            "",
            Method(report),
            "",
        ]);

    public static string Csv(BenchmarkReport report) =>
        string.Concat(report.Results
            .Select(result => (IEnumerable<object?>)[
                result.Path, result.Inputs, result.Batch, result.Threads, result.FileLength, result.Count, result.LatencyP50, result.LatencyP95, result.LatencyP99, result.Throughput,
                result.Ratio?.Median, result.Ratio?.Low, result.Ratio?.High, result.Ratio?.Pairs, result.ColdStart, result.PeakMemory])
            .Prepend(["path", "inputs", "batch", "threads", "file_bytes", "predictions", "p50_ms", "p95_ms", "p99_ms", "samples_per_second",
                "ratio", "ratio_low_95", "ratio_high_95", "ratio_pairs", "cold_start_ms", "peak_memory_bytes"])
            .Select(row => string.Join(',', row.Select(Cell)) + "\n"));

    private static string Cell(object? value)
    {
        string text = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return text.AsSpan().IndexOfAny(",\"\n\r") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
