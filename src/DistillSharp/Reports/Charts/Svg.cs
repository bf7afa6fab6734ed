using System.Globalization;
using System.Net;

namespace DistillSharp.Reports.Charts;

/// <summary>Writes numbers and text for SVG and HTML.</summary>
internal static class Svg
{
    /// <summary>Text that is safe inside markup and attributes.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A coordinate.</summary>
    public static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A share as a whole or broken percentage.</summary>
    public static string Percent(double share) => (100 * share).ToString(share is > 0 and < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture);

    /// <summary>A number as a tick says it.</summary>
    public static string Tick(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
