using System.Globalization;
using System.Text;

namespace DistillSharp.Reports.Charts;

/// <summary>Curves over epochs, as SVG.</summary>
internal static class LineChart
{
    private const double Width = 520, Height = 260, Left = 52, Right = 14, Top = 12, Bottom = 34;

    /// <summary>A curve: its name, which picks its colour, and its points.</summary>
    public sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points, bool Dashed = false);

    public static string Draw(string label, IReadOnlyList<Series> series, string across = "epoch")
    {
        var points = series.SelectMany(one => one.Points).Where(point => double.IsFinite(point.Y)).ToList();
        if (points.Count == 0)
        {
            return "";
        }

        double maxX = Math.Max(1, points.Max(point => point.X)), minX = Math.Min(1, points.Min(point => point.X));
        var (low, high, step) = Nice(points.Min(point => point.Y), points.Max(point => point.Y));
        double X(double x) => Left + ((x - minX) / Math.Max(1e-9, maxX - minX) * (Width - Left - Right));
        double Y(double y) => Height - Bottom - ((y - low) / (high - low) * (Height - Top - Bottom));

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Svg.Text(label)} by {Svg.Text(across)}\">");
        for (double y = low; y <= high + (step / 2); y += step)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Svg.N(Y(y))}\" y2=\"{Svg.N(Y(y))}\"/><text x=\"{Left - 7}\" y=\"{Svg.N(Y(y) + 4)}\" text-anchor=\"end\">{Svg.Tick(y)}</text>");
        }

        foreach (double x in Ticks(minX, maxX))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Svg.N(X(x))}\" y=\"{Height - Bottom + 17}\" text-anchor=\"middle\">{Svg.Tick(x)}</text>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right}\" y=\"{Height - 3}\" text-anchor=\"end\">{Svg.Text(across)}</text>");
        foreach (var one in series)
        {
            var finite = one.Points.Where(point => double.IsFinite(point.Y)).ToList();
            if (finite is [var only])
            {
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{Svg.N(X(only.X))}\" cy=\"{Svg.N(Y(only.Y))}\" r=\"3\" fill=\"var(--{Svg.Text(one.Name)})\"/>");
                continue;
            }

            string path = string.Join(' ', finite.Select(point => $"{Svg.N(X(point.X))},{Svg.N(Y(point.Y))}"));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"var(--{Svg.Text(one.Name)})\" stroke-width=\"2\" stroke-linejoin=\"round\"{(one.Dashed ? " stroke-dasharray=\"4 4\" opacity=\".7\"" : "")} points=\"{path}\"/>");
        }

        return svg.Append("</svg>").ToString();
    }

    private static IEnumerable<double> Ticks(double min, double max)
    {
        double nice = Nice(min, max).Step, step = max > 1 ? Math.Max(1, Math.Round(nice)) : nice;
        yield return min;
        for (double x = Math.Ceiling((min + (step / 2)) / step) * step; x <= max; x += step)
        {
            yield return x;
        }
    }

    /// <summary>Round bounds and a round step of 1, 2 or 5 times a power of ten.</summary>
    private static (double Low, double High, double Step) Nice(double min, double max)
    {
        double span = max - min > 1e-3 ? max - min : 1, raw = span / 5, power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = power * ((raw / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 });
        double low = Math.Floor(min / step) * step, high = Math.Ceiling(max / step) * step;
        return (low, high > low ? high : low + step, step);
    }
}
