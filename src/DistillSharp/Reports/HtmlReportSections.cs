using System.Globalization;
using System.Text;
using DistillSharp.Reports.Charts;
using DistillSharp.Training;

namespace DistillSharp.Reports;

/// <summary>The parts of the page.</summary>
internal static class HtmlReportSections
{
    public static void Table(StringBuilder page, RunReport report)
    {
        var table = ReportTable.Of(report);
        ReportPage.Table(page, table.Header, table.Rows, $"{(report.Seeds.Count > 1 ? "Mean ± standard deviation over the seeds. " : "")}NLL in nats; ECE over 15 bins; “agrees” is how often a model predicts what the teacher predicts.{Svg.Text(ProfileText.Method([.. report.Variants.Select(variant => (variant.Name, variant.Profile))], "first seed"))}");
    }

    public static void Gain(StringBuilder page, RunReport report)
    {
        if (report.Gain is not { } gain)
        {
            return;
        }

        page.Append(CultureInfo.InvariantCulture, $"<h2>Distilled against control</h2><p>The control is the same student with the same seed, data and optimiser, without the teacher; what differs is listed. It makes {report.Find("control")!.Mean(score => score.Errors).ToString("0.#", CultureInfo.InvariantCulture)} errors, the distilled student {report.Find("distilled")!.Mean(score => score.Errors).ToString("0.#", CultureInfo.InvariantCulture)}{(double.IsFinite(gain.ErrorsRemoved) ? $": {(Math.Abs(gain.ErrorsRemoved) * 100).ToString("0.0", CultureInfo.InvariantCulture)} % {(gain.ErrorsRemoved < 0 ? "more" : "fewer")}" : "")}.</p><div class=\"row\"><figure>{DifferenceBars.Draw("Gain by seed", [.. report.Seeds.Zip(gain.Points, (seed, point) => ($"seed {seed}", point))], " points")}<figcaption>{ReportPage.GainCaption(gain, "top-1", "seed")}</figcaption></figure><div><h3>What differs in the recipe</h3><pre>{Svg.Text(string.Join('\n', report.ControlDifference))}</pre></div></div>");
    }

    public static void Curves(StringBuilder page, RunReport report)
    {
        var trained = report.Variants.Where(variant => variant.Seeds[0].Curve.Count > 0 && variant.Name != "tuned").ToList();
        if (trained.Count == 0)
        {
            return;
        }

        LineChart.Series Line(VariantReport variant, Func<EpochResult, double?> figure, bool dashed = false) =>
            new(variant.Name, [.. variant.Seeds[0].Curve.Select(epoch => ((double)epoch.EpochNumber, figure(epoch) ?? double.NaN))], dashed);
        page.Append(CultureInfo.InvariantCulture, $"<h2>Learning</h2>{ReportPage.Legend(trained.Select(variant => variant.Name))}<div class=\"row\">");
        page.Append(CultureInfo.InvariantCulture, $"<figure>{LineChart.Draw("Held-out top-1 (%)", [.. trained.Select(variant => Line(variant, epoch => 100 * epoch.ValidationScore))])}<figcaption>Top-1 on held-out training samples, %, seed {report.Seeds[0]}.</figcaption></figure>");
        page.Append(CultureInfo.InvariantCulture, $"<figure>{LineChart.Draw("Training top-1 (%)", [.. trained.Select(variant => Line(variant, epoch => 100 * epoch.TrainAccuracy))])}<figcaption>Top-1 on the training samples as they were seen, %.</figcaption></figure></div>");
        page.Append("<p class=\"soft\">");
        page.AppendJoin(" · ", trained.Select(variant => string.Create(CultureInfo.InvariantCulture, $"{Svg.Text(variant.Name)}: {variant.Seeds[0].Steps:N0} steps in {variant.Seeds[0].TrainSeconds:0.0} s, best epoch {variant.Seeds[0].BestEpoch}")));
        page.Append("</p>");
    }

    public static void SoftLabels(StringBuilder page, RunReport report)
    {
        if (report.SoftLabels is not { } soft)
        {
            return;
        }

        var (temperature, mean) = soft;
        double largest = Math.Max(1e-9, mean.SelectMany((row, i) => row.Where((_, j) => i != j)).DefaultIfEmpty(0).Max());
        page.Append(CultureInfo.InvariantCulture, $"<h2>What the teacher knows</h2><p>The teacher’s mean probability of every class (column) for the samples of each true class (row), at T = {temperature.ToString("0.##", CultureInfo.InvariantCulture)}. The true class is left light, so that the likenesses between classes show: this is what the soft labels add to the hard ones.</p><figure>{Heatmap.Draw("Mean soft labels", report.ClassNames, (row, column) => row == column ? 0 : mean[row][column] / largest, (row, column) => Svg.Percent(mean[row][column]), (row, column) => $"{report.ClassNames[row]} is taken for {report.ClassNames[column]}: {(100 * mean[row][column]).ToString("0.00", CultureInfo.InvariantCulture)} %", 560)}<figcaption>Percent, mean over the test samples of each class, first seed.</figcaption></figure>");
    }

    public static void Confusion(StringBuilder page, RunReport report)
    {
        page.Append("<h2>Mistakes</h2><p>Rows are true classes, columns predictions; the darkest cell off the diagonal is the most frequent mistake. First seed.</p><div class=\"row\">");
        foreach (var variant in report.Variants)
        {
            int[][] counts = variant.Seeds[0].Score.Confusion;
            double largest = Math.Max(1, counts.SelectMany((row, i) => row.Where((_, j) => i != j)).DefaultIfEmpty(0).Max());
            page.Append(CultureInfo.InvariantCulture, $"<figure><h3>{Svg.Text(variant.Name)}: {variant.Seeds[0].Score.Errors.ToString(CultureInfo.InvariantCulture)} errors</h3>{Heatmap.Draw($"Confusion of the {variant.Name}", report.ClassNames, (row, column) => row == column ? 0 : counts[row][column] / largest, (row, column) => counts[row][column] == 0 ? "" : counts[row][column].ToString(CultureInfo.InvariantCulture), (row, column) => $"{report.ClassNames[row]} taken for {report.ClassNames[column]}: {counts[row][column]}", 330)}</figure>");
        }

        page.Append("</div>");
    }

    public static void Classes(StringBuilder page, RunReport report)
    {
        if (report.Find("control") is not { } control)
        {
            return;
        }

        var last = report.Find("tuned") ?? report.Find("distilled")!;
        var changes = report.ClassNames
            .Select((name, label) => (Name: name, Value: 100 * (Recall(last, label) - Recall(control, label))))
            .Where(pair => double.IsFinite(pair.Value)).OrderByDescending(pair => pair.Value).ToList();
        var shown = changes.Count <= 24 ? changes : [.. changes.Take(12), .. changes.TakeLast(12)];
        page.Append(CultureInfo.InvariantCulture, $"<h2>Classes that gained and lost</h2><div class=\"row\"><figure>{DifferenceBars.Draw("Change by class", shown, "")}<figcaption>Points of each class’s samples right, {Svg.Text(last.Name)} minus control, mean over the seeds{(shown.Count < changes.Count ? "; the twelve at either end" : "")}.</figcaption></figure><div class=\"scroll\"><table><thead><tr><th>class</th>");
        foreach (var variant in report.Variants)
        {
            page.Append(CultureInfo.InvariantCulture, $"<th style=\"text-align:right\">{Svg.Text(variant.Name)} %</th>");
        }

        page.Append("</tr></thead><tbody>");
        for (int label = 0; label < report.ClassNames.Count; label++)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Svg.Text(report.ClassNames[label])}</td>");
            foreach (var variant in report.Variants)
            {
                page.Append(CultureInfo.InvariantCulture, $"<td style=\"text-align:right\">{(Recall(variant, label) is var share && double.IsFinite(share) ? (100 * share).ToString("0.0", CultureInfo.InvariantCulture) : "–")}</td>");
            }

            page.Append("</tr>");
        }

        page.Append("</tbody></table></div></div>");
    }

    private static double Recall(VariantReport variant, int label) => variant.Seeds.Average(seed => seed.Score.RecallOf(label));
}
