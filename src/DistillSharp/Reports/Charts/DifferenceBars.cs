using System.Globalization;
using System.Text;

namespace DistillSharp.Reports.Charts;

/// <summary>Bars to the left and right of zero, as SVG.</summary>
internal static class DifferenceBars
{
    private const double Width = 520, Row = 24, Middle = 300, Reach = 150;

    /// <summary>Draws one bar a name.</summary>
    /// <param name="label">What it shows.</param>
    /// <param name="bars">Names and values.</param>
    /// <param name="unit">The values' unit.</param>
    public static string Draw(string label, IReadOnlyList<(string Name, double Value)> bars, string unit)
    {
        double largest = Math.Max(1e-9, bars.Select(bar => Math.Abs(bar.Value)).DefaultIfEmpty(0).Max());
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Svg.N((Row * bars.Count) + 4)}\" role=\"img\" aria-label=\"{Svg.Text(label)}\"><line class=\"grid\" x1=\"{Middle}\" x2=\"{Middle}\" y1=\"0\" y2=\"{Svg.N(Row * bars.Count)}\"/>");
        for (int i = 0; i < bars.Count; i++)
        {
            var (name, value) = bars[i];
            double length = Math.Abs(value) / largest * Reach, x = value < 0 ? Middle - length : Middle, y = Row * i;
            string anchor = value < 0 ? "end" : "start";
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"strong\" x=\"0\" y=\"{Svg.N(y + 16)}\">{Svg.Text(name)}</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Svg.N(x)}\" y=\"{Svg.N(y + 4)}\" width=\"{Svg.N(Math.Max(1, length))}\" height=\"{Row - 8}\" rx=\"2\" fill=\"var(--{(value < 0 ? "bad" : "good")})\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Svg.N(value < 0 ? x - 6 : x + length + 6)}\" y=\"{Svg.N(y + 16)}\" text-anchor=\"{anchor}\">{value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture)}{Svg.Text(unit)}</text>");
        }

        return svg.Append("</svg>").ToString();
    }
}
