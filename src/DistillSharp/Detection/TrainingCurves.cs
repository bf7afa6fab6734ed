using System.Globalization;
using System.Text;
using DistillSharp.Reports.Charts;
using DistillSharp.Training;

namespace DistillSharp.Detection;

/// <summary>A detector's training as one picture: the losses on training and validation pictures, precision, recall and the two mean average precisions by epoch.</summary>
public static class TrainingCurves
{
    private const int PanelWidth = 400, PanelHeight = 240, Columns = 5;

    private static readonly string[] s_panels =
    [
        "train/box_loss", "train/cls_loss", "train/dfl_loss", "metrics/precision(B)", "metrics/recall(B)",
        "val/box_loss", "val/cls_loss", "val/dfl_loss", "metrics/mAP50(B)", "metrics/mAP50-95(B)",
    ];

    /// <summary>Draws the curves.</summary>
    /// <param name="curve">Every epoch.</param>
    /// <returns>A standalone SVG.</returns>
    public static string Draw(IReadOnlyList<EpochResult> curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        int rows = (s_panels.Length + Columns - 1) / Columns;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Columns * PanelWidth} {rows * PanelHeight}\" font-family=\"sans-serif\">");
        svg.Append("<style>svg{--curve:#0b62c4}.grid{stroke:#ddd}text{font-size:14px;fill:#333}.title{font-size:17px;font-weight:600}</style><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
        for (int i = 0; i < s_panels.Length; i++)
        {
            int x = i % Columns * PanelWidth, y = i / Columns * PanelHeight;
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"{x + (PanelWidth / 2)}\" y=\"{y + 20}\" text-anchor=\"middle\">{Svg.Text(s_panels[i])}</text>");
            string chart = LineChart.Draw(s_panels[i], [new("curve", [.. curve.Select(epoch => ((double)epoch.EpochNumber, Value(epoch, s_panels[i])))])]);
            if (chart.Length > 0)
            {
                svg.Append(CultureInfo.InvariantCulture, $"<svg x=\"{x}\" y=\"{y + 28}\" width=\"{PanelWidth}\" height=\"{PanelHeight - 30}\" {chart["<svg ".Length..]}");
            }
        }

        return svg.Append("</svg>").ToString();
    }

    private static double Value(EpochResult epoch, string name) =>
        epoch.Measures.TryGetValue(name, out double value) || (name.StartsWith("train/", StringComparison.Ordinal) && epoch.Terms.TryGetValue(name["train/".Length..], out value)) ? value : double.NaN;
}
