using System.Globalization;
using System.Text;
using DistillSharp.Reports;
using DistillSharp.Reports.Charts;

namespace DistillSharp.Detection.Reports;

/// <summary>Writes the report of a detector's distillation as one page without script; the pictures lie beside it.</summary>
public static class DetectionHtml
{
    /// <summary>Writes the page.</summary>
    /// <param name="report">The report.</param>
    /// <returns>HTML.</returns>
    public static string Write(DetectionRunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{Svg.Text(report.Name)} – detection report</title><style>{HtmlReport.Style()}</style></head><body><main>");
        Head(page, report);
        DetectionHtmlSections.Table(page, report);
        DetectionHtmlSections.Gain(page, report);
        DetectionHtmlSections.Classes(page, report);
        DetectionHtmlSections.Curves(page, report);
        DetectionHtmlSections.Terms(page, report);
        DetectionHtmlSections.Pictures(page, report);
        Repeat(page, report);
        return page.Append("</main></body></html>\n").ToString();
    }

    private static void Head(StringBuilder page, DetectionRunReport report)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Svg.Text(report.Name)}</h1><p class=\"soft\">{Svg.Text(report.Data)} · {Svg.Text(string.Join(", ", report.Repeats))} · {Svg.Text(report.Split)}</p>");
        string tone = report.Gain switch { null => "open", { Mean: <= 0 } => "none", { Points.Count: 1 } => "open", { Verdict: var text } => text.StartsWith("Distillation helped", StringComparison.Ordinal) ? "" : "open" };
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"verdict {tone}\">{Svg.Text(report.Gain?.Verdict ?? "There was no control, so nothing can be said about what distillation gained.")}</div>");
        foreach (string warning in report.Warnings)
        {
            page.Append(CultureInfo.InvariantCulture, $"<div class=\"verdict open\">{Svg.Text(char.ToUpperInvariant(warning[0]) + warning[1..])}.</div>");
        }

        page.Append("<div class=\"cards\">");
        foreach (var variant in report.Variants)
        {
            page.Append(CultureInfo.InvariantCulture, $"<div class=\"card {Svg.Text(variant.Name)}\"><span class=\"soft\">{Svg.Text(variant.Name)} · {Svg.Text(variant.Model)}</span><b>{variant.Mean(score => score.Map).ToString("0.000", CultureInfo.InvariantCulture)}</b><span class=\"soft\">mAP50-95 · {ReportTable.Size(variant.FileLength)}</span></div>");
        }

        page.Append("</div>");
    }

    private static void Repeat(StringBuilder page, DetectionRunReport report)
    {
        page.Append("<h2>Repeat it</h2>");
        if (report.Command.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<pre>{Svg.Text(report.Command)}</pre>");
        }

        var machine = report.Machine;
        page.Append(CultureInfo.InvariantCulture, $"<p class=\"soft\">{Svg.Text(machine.Processor)}, {machine.Cores} {(machine.Cores == 1 ? "core" : "cores")} ({Svg.Text(string.Join(", ", machine.Features))}), {Svg.Text(machine.OperatingSystem)}, {Svg.Text(machine.Runtime)}.</p>");
        if (report.SkippedPictures.Count > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<details><summary>{report.SkippedPictures.Count} pictures could not be read</summary><pre>{Svg.Text(string.Join('\n', report.SkippedPictures))}</pre></details>");
        }

        page.Append(CultureInfo.InvariantCulture, $"<details><summary>The resolved recipe</summary><pre>{Svg.Text(report.Recipe)}</pre></details>");
    }
}
