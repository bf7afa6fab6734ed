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
        var page = ReportPage.Begin($"{report.Name} – detection report", report.Name, $"{report.Data} · {string.Join(", ", report.Repeats)} · {report.Split}");
        Head(page, report);
        DetectionHtmlSections.Table(page, report);
        DetectionHtmlSections.Gain(page, report);
        DetectionHtmlSections.Classes(page, report);
        DetectionHtmlSections.Curves(page, report);
        DetectionHtmlSections.Terms(page, report);
        DetectionHtmlSections.Pictures(page, report);
        ReportPage.Repeat(page, report.Command, report.Machine, report.SkippedPictures, "pictures could not be read", report.Recipe);
        return ReportPage.End(page);
    }

    private static void Head(StringBuilder page, DetectionRunReport report)
    {
        ReportPage.Verdict(page, report.Gain, "There was no control, so nothing can be said about what distillation gained.");
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
}
