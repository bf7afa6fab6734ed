using System.Globalization;
using System.Text;
using DistillSharp.Reports.Charts;

namespace DistillSharp.Reports;

/// <summary>What the pages of all reports have in common: the frame, the verdict, the table of variants, and how to repeat the run.</summary>
internal static class ReportPage
{
    /// <summary>Begins a page that needs nothing beside it but pictures: no script, no font, no request.</summary>
    public static StringBuilder Begin(string title, string heading, string about)
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream("DistillSharp.Reports.report.css")!;
        using var style = new StreamReader(stream);
        return new StringBuilder().Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{Svg.Text(title)}</title><style>{style.ReadToEnd()}</style></head><body><main><h1>{Svg.Text(heading)}</h1><p class=\"soft\">{Svg.Text(about)}</p>");
    }

    /// <summary>Ends it.</summary>
    public static string End(StringBuilder page) => page.Append("</main></body></html>\n").ToString();

    /// <summary>What follows, in a box of the answer's colour: only an answer is green or red.</summary>
    public static void Verdict(StringBuilder page, Gain? gain, string otherwise) =>
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"verdict{gain?.Answer switch { GainAnswer.Helps => "", GainAnswer.Hurts => " none", _ => " open" }}\">{Svg.Text(gain?.Verdict ?? otherwise)}</div>");

    /// <summary>The variants side by side, a column each; figures that no variant has are left out.</summary>
    /// <param name="page">The page.</param>
    /// <param name="header">The names of the figures; the first is the variant's own.</param>
    /// <param name="rows">The figures of each variant.</param>
    /// <param name="note">What the figures mean, as HTML.</param>
    public static void Table(StringBuilder page, IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows, string note)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>Side by side</h2><div class=\"scroll\"><table class=\"compare\"><thead><tr><th></th>{string.Concat(rows.Select(row => $"<th>{Key(row[0])}</th>"))}</tr></thead><tbody>");
        for (int i = 1; i < header.Count; i++)
        {
            if (rows.Any(row => row[i].Length > 0))
            {
                page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Svg.Text(header[i])}</td>{string.Concat(rows.Select(row => $"<td>{Svg.Text(row[i])}</td>"))}</tr>");
            }
        }

        page.Append(CultureInfo.InvariantCulture, $"</tbody></table></div><p class=\"soft\">{note}</p>");
    }

    /// <summary>What the picture of the gain shows, below it.</summary>
    public static string GainCaption(Gain gain, string figure, string repeat) =>
        $"Points of {figure} by {repeat}: {(gain.Low is null ? gain.Figures() : $"{gain.Figures()}, mean and 95 % interval over the {(gain.Images is null ? $"{repeat}s" : "test images")}")}.";

    /// <summary>The variants' colours.</summary>
    public static string Legend(IEnumerable<string> variants) => $"<div class=\"legend\">{string.Concat(variants.Select(name => $"<span>{Key(name)}</span>"))}</div>";

    /// <summary>How to do it again: the command, the machine, the recipe.</summary>
    /// <param name="page">The page.</param>
    /// <param name="command">The command; empty if the run was not made by one.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="skipped">What of the data was left out.</param>
    /// <param name="skippedWords">What that is, after its number.</param>
    /// <param name="recipe">The resolved recipe.</param>
    public static void Repeat(StringBuilder page, string command, MachineReport machine, IReadOnlyList<string> skipped, string skippedWords, string recipe)
    {
        page.Append("<h2>Do it again</h2>");
        if (command.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<pre>{Svg.Text(command)}</pre>");
        }

        page.Append(CultureInfo.InvariantCulture, $"<p class=\"soft\">{Svg.Text(machine.Processor)}, {machine.Cores} {(machine.Cores == 1 ? "core" : "cores")} ({Svg.Text(string.Join(", ", machine.Features))}), {Svg.Text(machine.OperatingSystem)}, {Svg.Text(machine.Runtime)}.</p>");
        if (skipped.Count > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<details open><summary>{skipped.Count} {skippedWords}</summary><pre>{Svg.Text(string.Join('\n', skipped))}</pre></details>");
        }

        page.Append(CultureInfo.InvariantCulture, $"<details><summary>The whole recipe, every default written out</summary><pre>{Svg.Text(recipe)}</pre></details>");
    }

    private static string Key(string name) => $"<span class=\"key\" style=\"background:var(--{Svg.Text(name)})\"></span>{Svg.Text(name)}";
}
