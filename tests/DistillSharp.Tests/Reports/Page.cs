using System.Text.RegularExpressions;
using System.Xml.Linq;
using DistillSharp.Reports;

namespace DistillSharp.Tests.Reports;

/// <summary>Reads a report's page as a tree; throws where tags do not match or text is not escaped.</summary>
internal static partial class Page
{
    public static XDocument Read(RunReport report)
    {
        string html = HtmlReport.Write(report);
        Assert.StartsWith("<!doctype html>", html, StringComparison.Ordinal);

        // HTML's void elements and bare attributes are all that sets the page apart from XML.
        html = Meta().Replace(html["<!doctype html>".Length..], "<meta$1/>").Replace("<details open>", "<details open=\"\">", StringComparison.Ordinal);
        return XDocument.Parse(html);
    }

    public static IEnumerable<string> Texts(this XContainer page, string element) => page.Descendants(element).Select(one => one.Value);

    [GeneratedRegex("<meta([^>]*)>")]
    private static partial Regex Meta();
}
