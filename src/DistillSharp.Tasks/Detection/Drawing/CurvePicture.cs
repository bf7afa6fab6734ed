using System.Globalization;
using DistillSharp.Tasks.Detection.Metrics;
using DistillSharp.Tasks.Images;
using SkiaSharp;

namespace DistillSharp.Tasks.Detection.Drawing;

/// <summary>A detector's curves as a picture: each class thin, their mean thick.</summary>
public static class CurvePicture
{
    private const int Width = 1060, Height = 700, Left = 80, Top = 60, Right = 700, Bottom = 620, Capital = 10;

    /// <summary>With more classes, they are grey and without a legend: it could not be read.</summary>
    private const int MostNamed = 20;

    private static readonly SKColor s_ink = new(40, 40, 40), s_grid = new(225, 225, 225), s_mean = new(20, 60, 200), s_many = new(190, 190, 190);

    /// <summary>Draws a curve.</summary>
    /// <param name="score">The score.</param>
    /// <param name="kind">Which curve.</param>
    /// <param name="nameOf">The name of a 0-based class.</param>
    /// <returns>A picture of 1060 x 700.</returns>
    public static PixelImage Draw(DetectionScore score, CurveKind kind, Func<int, string> nameOf)
    {
        ArgumentNullException.ThrowIfNull(score);
        ArgumentNullException.ThrowIfNull(nameOf);
        var (curves, across, up, title) = kind switch
        {
            CurveKind.Precision => (score.Curves.Precision, "Confidence", "Precision", "Precision-Confidence Curve"),
            CurveKind.Recall => (score.Curves.Recall, "Confidence", "Recall", "Recall-Confidence Curve"),
            CurveKind.F1 => (score.Curves.F1, "Confidence", "F1", "F1-Confidence Curve"),
            _ => (score.Curves.PrecisionOverRecall, "Recall", "Precision", "Precision-Recall Curve"),
        };
        double[] mean = [.. Enumerable.Range(0, DetectionCurves.PointCount).Select(i => curves.Count == 0 ? 0 : curves.Average(curve => curve[i]))];
        using var canvas = new PictureCanvas(Width, Height, SKColors.White);
        Axes(canvas, across, up, title);
        for (int i = 0; i < curves.Count; i++)
        {
            var colour = curves.Count > MostNamed ? s_many : ClassPalette.Paint(score.Classes[i].ClassIndex);
            canvas.Line(Points(curves[i]), colour, 1.5f);
            if (curves.Count <= MostNamed)
            {
                string name = nameOf(score.Classes[i].ClassIndex);
                Legend(canvas, i + 1, colour, kind == CurveKind.PrecisionOverRecall ? string.Create(CultureInfo.InvariantCulture, $"{name} {score.Classes[i].Ap50:0.000}") : name);
            }
        }

        canvas.Line(Points(mean), s_mean, 4);
        int best = Array.IndexOf(mean, mean.Max());
        Legend(canvas, 0, s_mean, kind == CurveKind.PrecisionOverRecall
            ? string.Create(CultureInfo.InvariantCulture, $"all classes {score.Map50:0.000} mAP50 (Ultralytics)")
            : string.Create(CultureInfo.InvariantCulture, $"all classes {mean[best]:0.00} at {DetectionCurves.Axis[best]:0.000}"));
        return canvas.ToImage();
    }

    private static void Axes(PictureCanvas canvas, string across, string up, string title)
    {
        for (int i = 0; i <= 5; i++)
        {
            float x = X(i / 5.0), y = Y(i / 5.0);
            canvas.Line([new(x, Top), new(x, Bottom)], s_grid, 1);
            canvas.Line([new(Left, y), new(Right, y)], s_grid, 1);
            string tick = (i / 5.0).ToString("0.0", CultureInfo.InvariantCulture);
            canvas.Text(tick, x - (PictureCanvas.WidthOf(tick, Capital) / 2), Bottom + 12, Capital, s_ink);
            canvas.Text(tick, Left - 12 - PictureCanvas.WidthOf(tick, Capital), y - (Capital / 2f), Capital, s_ink);
        }

        canvas.Frame(Left, Top, Right, Bottom, s_ink, 1.5f);
        canvas.Text(title, ((Left + Right) / 2f) - (PictureCanvas.WidthOf(title, 14) / 2), 24, 14, s_ink);
        canvas.Text(across, ((Left + Right) / 2f) - (PictureCanvas.WidthOf(across, 12) / 2), Bottom + 42, 12, s_ink);
        canvas.Text(up, 14, ((Top + Bottom) / 2f) + (PictureCanvas.WidthOf(up, 12) / 2), 12, s_ink, upright: true);
    }

    private static void Legend(PictureCanvas canvas, int line, SKColor colour, string text)
    {
        float y = Top + 10 + (line * 26);
        canvas.Line([new(Right + 16, y + (Capital / 2f)), new(Right + 44, y + (Capital / 2f))], colour, line == 0 ? 4 : 2);
        int fits = (int)((Width - Right - 60) / (Capital * StrokeFont.Advance / StrokeFont.Capital));
        canvas.Text(text.Length > fits ? text[..(fits - 2)] + ".." : text, Right + 52, y, Capital, s_ink);
    }

    private static SKPoint[] Points(double[] curve) => [.. curve.Select((value, i) => new SKPoint(X(DetectionCurves.Axis[i]), Y(value)))];

    private static float X(double share) => (float)(Left + (share * (Right - Left)));

    private static float Y(double share) => (float)(Bottom - (share * (Bottom - Top)));
}
