using System.Globalization;
using System.Text;

namespace DistillSharp.Reports.Charts;

/// <summary>A matrix of class by class, as SVG.</summary>
internal static class Heatmap
{
    private const int MostNumbered = 20;

    /// <summary>Draws a matrix.</summary>
    /// <param name="label">What it shows.</param>
    /// <param name="names">The classes.</param>
    /// <param name="shade">How dark a cell is, 0 to 1.</param>
    /// <param name="text">What a cell says; empty for nothing.</param>
    /// <param name="title">What a cell tells on hovering.</param>
    /// <param name="side">The picture's width, pixels.</param>
    public static string Draw(string label, IReadOnlyList<string> names, Func<int, int, double> shade, Func<int, int, string> text, Func<int, int, string> title, double side)
    {
        int count = names.Count;
        double left = Math.Min(90, 14 + (6.5 * names.Max(name => name.Length))), top = 20, cell = (side - left) / count, height = top + (cell * count) + 4;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Svg.N(side)} {Svg.N(height)}\" width=\"{Svg.N(side)}\" role=\"img\" aria-label=\"{Svg.Text(label)}\">");
        for (int row = 0; row < count; row++)
        {
            if (count <= MostNumbered)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Svg.N(left - 6)}\" y=\"{Svg.N(top + (cell * (row + 0.5)) + 4)}\" text-anchor=\"end\">{Svg.Text(Short(names[row], 12))}</text>");
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Svg.N(left + (cell * (row + 0.5)))}\" y=\"13\" text-anchor=\"middle\">{Svg.Text(Short(names[row], Math.Max(1, (int)(cell / 6.5))))}</text>");
            }

            for (int column = 0; column < count; column++)
            {
                double dark = Math.Clamp(shade(row, column), 0, 1);
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Svg.N(left + (cell * column))}\" y=\"{Svg.N(top + (cell * row))}\" width=\"{Svg.N(cell - 1)}\" height=\"{Svg.N(cell - 1)}\" rx=\"2\" fill=\"rgba(var(--heat),{Svg.N(0.04 + (0.96 * dark))})\"><title>{Svg.Text(title(row, column))}</title></rect>");
                if (count <= MostNumbered && text(row, column) is { Length: > 0 } number)
                {
                    svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Svg.N(left + (cell * (column + 0.5)) - 0.5)}\" y=\"{Svg.N(top + (cell * (row + 0.5)) + 3.5)}\" text-anchor=\"middle\" style=\"font-size:{Svg.N(Math.Min(11.5, cell / 2.6))}px;fill:{(dark > 0.55 ? "var(--paper)" : "var(--ink)")}\">{Svg.Text(number)}</text>");
                }
            }
        }

        return svg.Append("</svg>").ToString();
    }

    private static string Short(string name, int length) => name.Length <= length ? name : name[..(char.IsHighSurrogate(name[length - 1]) ? length - 1 : length)];
}
