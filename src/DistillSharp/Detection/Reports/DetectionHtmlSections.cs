using System.Globalization;
using System.Text;
using DistillSharp.Reports;
using DistillSharp.Reports.Charts;
using DistillSharp.Tasks.Detection.Metrics;
using DistillSharp.Training;

namespace DistillSharp.Detection.Reports;

/// <summary>The parts of the page.</summary>
internal static class DetectionHtmlSections
{
    private const int MostClasses = 24;

    public static void Table(StringBuilder page, DetectionRunReport report)
    {
        ReportPage.Table(page, DetectionTable.Header(report), DetectionTable.Rows(report), $"{(report.Repeats.Count > 1 ? $"Mean ± standard deviation over {report.Repeats.Count} repeats. " : "")}{Svg.Text(DetectionScore.MapMethod)}. Precision and recall at the confidence of the best F1.{Svg.Text(ProfileText.Method([.. report.Variants.Select(variant => (variant.Name, variant.Profile))], "first repeat"))}");
    }

    public static void Gain(StringBuilder page, DetectionRunReport report)
    {
        if (report.Gain is { } gain)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>Distilled against control</h2><p>The control is the same student with the same seed, pictures and optimiser, without the teacher; what differs is listed.</p><div class=\"row\"><figure>{DifferenceBars.Draw("Gain by repeat", [.. report.Repeats.Zip(gain.Points, (repeat, point) => (repeat, point))], " points")}<figcaption>{ReportPage.GainCaption(gain, "mAP50-95 (Ultralytics’ variant)", DetectionGain.RepeatOf(report.Repeats[0]))}</figcaption></figure><div><h3>What differs in the recipe</h3><pre>{Svg.Text(string.Join('\n', report.ControlDifference))}</pre></div></div>");
        }
    }

    public static void Classes(StringBuilder page, DetectionRunReport report)
    {
        var classes = report.Variants[0].Scores.SelectMany(score => score.Classes).Select(one => one.ClassIndex).Distinct().Order().ToList();
        page.Append("<h2>Classes that gained and lost</h2><p>The table holds each class’s mAP50-95 (Ultralytics’ variant).</p><div class=\"row\">");
        if (report.Find("control") is { } control && report.Find("distilled") is { } distilled)
        {
            var changes = classes.Select(label => (report.ClassNames[label], Value: 100 * (Ap(distilled, label) - Ap(control, label)))).Where(pair => double.IsFinite(pair.Value)).OrderByDescending(pair => pair.Value).ToList();
            var shown = changes.Count <= MostClasses ? changes : [.. changes.Take(MostClasses / 2), .. changes.TakeLast(MostClasses / 2)];
            page.Append(CultureInfo.InvariantCulture, $"<figure>{DifferenceBars.Draw("Change by class", shown, "")}<figcaption>Points of each class’s mAP50-95 (Ultralytics’ variant), distilled minus control{(report.Repeats.Count > 1 ? ", mean over the repeats" : "")}{(shown.Count < changes.Count ? "; the twelve at either end" : "")}.</figcaption></figure>");
        }

        page.Append("<div class=\"scroll\"><table><thead><tr><th>class</th><th>boxes</th>");
        page.AppendJoin("", report.Variants.Select(variant => $"<th>{Svg.Text(variant.Name)}</th>"));
        page.Append("</tr></thead><tbody>");
        foreach (int label in classes)
        {
            int boxes = report.Variants[0].Scores.Sum(score => score.Classes.FirstOrDefault(one => one.ClassIndex == label)?.Instances ?? 0) / (DetectionGain.RepeatOf(report.Repeats[0]) == "fold" ? 1 : report.Repeats.Count);
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Svg.Text(report.ClassNames[label])}</td><td>{boxes:N0}</td>");
            page.AppendJoin("", report.Variants.Select(variant => $"<td>{(Ap(variant, label) is var ap && double.IsFinite(ap) ? ap.ToString("0.000", CultureInfo.InvariantCulture) : "–")}</td>"));
            page.Append("</tr>");
        }

        page.Append("</tbody></table></div></div>");
    }

    public static void Curves(StringBuilder page, DetectionRunReport report)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>Precision over recall</h2>{ReportPage.Legend(report.Variants.Select(variant => variant.Name))}<div class=\"row\"><figure>");
        page.Append(LineChart.Draw("Precision over recall", [.. report.Variants.Select(variant => new LineChart.Series(variant.Name, [.. variant.Scores[0].PrecisionOverRecall.Select((precision, i) => (i / 100.0, precision))]))], "recall"));
        page.Append(CultureInfo.InvariantCulture, $"<figcaption>Precision over recall at IoU 0.50, mean over the classes, {Svg.Text(report.Repeats[0])}. Each variant’s curves by class lie in <code>curves/</code>.</figcaption></figure>");
        var trained = report.Variants.Where(variant => variant.Scores[0].Curve.Any(epoch => epoch.ValidationScore is not null)).ToList();
        if (trained.Count > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<figure>{LineChart.Draw("mAP50-95 by epoch", [.. trained.Select(variant => new LineChart.Series(variant.Name, [.. variant.Scores[0].Curve.Select(epoch => ((double)epoch.EpochNumber, epoch.Measures.GetValueOrDefault("metrics/mAP50-95(B)", double.NaN)))]))])}<figcaption>mAP50-95 (Ultralytics’ variant) by epoch on the pictures that choose the epoch.</figcaption></figure>");
        }

        page.Append("</div><p class=\"soft\">");
        page.AppendJoin(" · ", report.Variants.Where(variant => variant.Scores[0].Steps > 0).Select(variant => string.Create(CultureInfo.InvariantCulture, $"{Svg.Text(variant.Name)}: {variant.Scores[0].Steps:N0} steps in {variant.Scores[0].TrainSeconds:0} s, epoch {variant.Scores[0].BestEpoch} kept")));
        page.Append("</p>");
    }

    /// <summary>How much gradient each term sends into the student: a term that sends next to none, or drowns the others, shows here.</summary>
    public static void Terms(StringBuilder page, DetectionRunReport report)
    {
        var curve = report.Find("distilled")?.Scores[0].Curve ?? [];
        string[] terms = [.. curve.SelectMany(epoch => epoch.GradientNorms.Keys).Distinct(StringComparer.Ordinal)];
        if (terms.Length == 0)
        {
            return;
        }

        page.Append("<h2>What each term sends</h2><p>The norm of each term’s gradient in the student, weighted, at the first step of an epoch.</p><div class=\"scroll\"><table><thead><tr><th>term</th><th>first epoch</th><th>middle</th><th>last epoch</th><th>value, last epoch</th></tr></thead><tbody>");
        foreach (string term in terms)
        {
            string Norm(EpochResult epoch) => epoch.GradientNorms.TryGetValue(term, out double norm) ? norm.ToString("0.###", CultureInfo.InvariantCulture) : "–";
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Svg.Text(term)}</td><td>{Norm(curve[0])}</td><td>{Norm(curve[curve.Count / 2])}</td><td>{Norm(curve[^1])}</td><td>{(curve[^1].WeightedTerms.TryGetValue(term, out double value) ? value.ToString("0.###", CultureInfo.InvariantCulture) : "–")}</td></tr>");
        }

        page.Append("</tbody></table></div>");
    }

    public static void Pictures(StringBuilder page, DetectionRunReport report)
    {
        if (report.Pictures.Count == 0)
        {
            return;
        }

        page.Append("<h2>Pictures, worst regressions first</h2><p>How well boxes fit the truth: mean F1 over IoU 0.50 to 0.95, of boxes surer than 0.25. First those on which the distilled student lost most against the control, then those on which it gained most.</p>");
        foreach (var picture in report.Pictures)
        {
            double change = picture.Distilled - picture.Control;
            page.Append(CultureInfo.InvariantCulture, $"<figure><img src=\"{Svg.Text(picture.File)}\" alt=\"{Svg.Text(picture.Source)}: truth and what each model found\" style=\"max-width:100%\" loading=\"lazy\"><figcaption>{Svg.Text(picture.Source)}: control {picture.Control:0.00}, distilled {picture.Distilled:0.00} ({change:+0.00;-0.00})</figcaption></figure>");
        }
    }

    private static double Ap(DetectorVariant variant, int label) =>
        variant.Scores.SelectMany(score => score.Classes).Where(one => one.ClassIndex == label).Select(one => one.Ap).DefaultIfEmpty(double.NaN).Average();
}
