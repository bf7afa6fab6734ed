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
        var page = ReportPage.Begin($"{report.Name} – distillation report", report.Name, $"{report.Data} · {(report.Seeds.Count == 1 ? "seed" : "seeds")} {string.Join(", ", report.Seeds)} · {report.Split}");
        Head(page, report);
        HtmlReportSections.Table(page, report);
        HtmlReportSections.Gain(page, report);
        HtmlReportSections.Curves(page, report);
        HtmlReportSections.SoftLabels(page, report);
        HtmlReportSections.Confusion(page, report);
        HtmlReportSections.Classes(page, report);
        ReportPage.Repeat(page, report.Command, report.Machine, report.SkippedSamples, "undecodable samples were skipped", report.Recipe);
        return ReportPage.End(page);
    }

    private static void Head(StringBuilder page, RunReport report)
    {
        ReportPage.Verdict(page, report.Gain, report.Find("distilled") is null ? "The model was trained alone, without a teacher." : "There was no control, so nothing can be said about what distillation gained.");
        page.Append("<div class=\"cards\">");
        var table = ReportTable.Of(report);
        for (int i = 0; i < report.Variants.Count; i++)
        {
            var row = table.Rows[i];
            page.Append(CultureInfo.InvariantCulture, $"<div class=\"card {Svg.Text(row[0])}\"><span class=\"soft\">{Svg.Text(row[0])} · {Svg.Text(row[1])}</span><b>{Svg.Text(row[3])} %</b><span class=\"soft\">{Svg.Text(row[2])} errors of {report.Variants[i].Seeds[0].Score.Count.ToString("#,0", CultureInfo.InvariantCulture)} · {Svg.Text(row[10])}</span></div>");
        }

        page.Append("</div>");
    }
}
