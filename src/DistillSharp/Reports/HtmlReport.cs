using System.Globalization;
using System.Text;
using DistillSharp.Reports.Charts;

namespace DistillSharp.Reports;

/// <summary>Writes a report as one page that needs nothing beside it: no script, no font, no request.</summary>
public static class HtmlReport
{
    /// <summary>Writes the page.</summary>
    /// <param name="report">The report.</param>
    /// <returns>HTML.</returns>
    public static string Write(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{Svg.Text(report.Name)} – distillation report</title><style>{Style()}</style></head><body><main>");
        Head(page, report);
        HtmlReportSections.Table(page, report);
        HtmlReportSections.Gain(page, report);
        HtmlReportSections.Curves(page, report);
        HtmlReportSections.SoftLabels(page, report);
        HtmlReportSections.Confusion(page, report);
        HtmlReportSections.Classes(page, report);
        HtmlReportSections.Repeat(page, report);
        return page.Append("</main></body></html>\n").ToString();
    }

    private static void Head(StringBuilder page, RunReport report)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Svg.Text(report.Name)}</h1><p class=\"soft\">{Svg.Text(report.Data)} · {(report.Seeds.Count == 1 ? "seed" : "seeds")} {string.Join(", ", report.Seeds)} · {Svg.Text(report.Split)}</p>");
        string tone = report.Gain switch { null => "open", { Mean: <= 0 } => "none", { Points.Count: 1 } => "open", { Verdict: var text } => text.StartsWith("Distillation helped", StringComparison.Ordinal) ? "" : "open" };
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"verdict {tone}\">{Svg.Text(report.Gain?.Verdict ?? (report.Find("distilled") is null ? "The model was trained alone, without a teacher." : "There was no control, so nothing can be said about what distillation gained."))}</div><div class=\"cards\">");
        var table = ReportTable.Of(report);
        for (int i = 0; i < report.Variants.Count; i++)
        {
            var row = table.Rows[i];
            page.Append(CultureInfo.InvariantCulture, $"<div class=\"card {Svg.Text(row[0])}\"><span class=\"soft\">{Svg.Text(row[0])} · {Svg.Text(row[1])}</span><b>{Svg.Text(row[3])} %</b><span class=\"soft\">{Svg.Text(row[2])} errors of {report.Variants[i].Seeds[0].Score.Count.ToString("#,0", CultureInfo.InvariantCulture)} · {Svg.Text(row[10])}</span></div>");
        }

        page.Append("</div>");
    }

    /// <summary>The style of all pages.</summary>
    internal static string Style()
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("DistillSharp.Reports.report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
