using System.Globalization;
using System.Xml.Linq;
using DistillSharp.Reports;
using DistillSharp.Training;

namespace DistillSharp.Tests.Reports;

public sealed class HtmlReportChartsTests
{
    [Fact]
    public void A_curve_has_a_point_an_epoch_the_better_the_higher()
    {
        var chart = Charts(WithCurve([.. Enumerable.Range(1, 5).Select(i => SampleReport.Epoch(i, i / 10.0))]), "Held-out top-1 (%) by epoch").Single();

        var points = Points(chart.Descendants("polyline").First());
        Assert.Equal(5, points.Count);
        Assert.Equal(points.Select(point => point.X).Order(), points.Select(point => point.X));
        Assert.Equal(points.Select(point => point.Y).OrderDescending(), points.Select(point => point.Y));
    }

    [Fact]
    public void A_curve_of_one_epoch_is_a_dot()
    {
        var chart = Charts(WithCurve(SampleReport.Epoch(1, 0.4)), "Held-out top-1 (%) by epoch").Single();

        Assert.Equal(3, chart.Descendants("circle").Count());
        InsideItsPicture(chart);
    }

    [Fact]
    public void Epochs_that_were_not_evaluated_are_left_out()
    {
        var chart = Charts(WithCurve(SampleReport.Epoch(1, null), SampleReport.Epoch(2, 0.4), SampleReport.Epoch(3, null), SampleReport.Epoch(4, 0.5)), "Held-out top-1 (%) by epoch").Single();

        Assert.Equal(2, Points(chart.Descendants("polyline").First()).Count);
        InsideItsPicture(chart);
    }

    [Fact]
    public void A_curve_that_was_never_evaluated_is_no_chart() =>
        Assert.Empty(Charts(WithCurve(SampleReport.Epoch(1, null)), "Held-out top-1 (%) by epoch"));

    [Theory]
    [InlineData(0)]
    [InlineData(0.935)]
    [InlineData(1)]
    public void Equal_values_have_an_axis_of_different_numbers(double accuracy)
    {
        var chart = Charts(WithCurve(SampleReport.Epoch(1, accuracy), SampleReport.Epoch(2, accuracy)), "Held-out top-1 (%) by epoch").Single();

        string[] ticks = [.. chart.Descendants("text").Where(text => (string?)text.Attribute("text-anchor") == "end" && text.Value != "epoch").Select(text => text.Value)];
        Assert.True(ticks.Length >= 2);
        Assert.Equal(ticks.Distinct(), ticks);
        InsideItsPicture(chart);
    }

    [Fact]
    public void A_hundred_classes_fit()
    {
        var page = Page.Read(WithClasses(100));

        var matrices = page.Descendants("svg").Where(svg => ((string)svg.Attribute("aria-label")!).StartsWith("Confusion of", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, matrices.Count);
        Assert.All(matrices, matrix => Assert.Equal(10_000, matrix.Descendants("rect").Count()));
        Assert.All(page.Descendants("svg"), InsideItsPicture);

        // The bars show both ends; the table shows all.
        var bars = page.Descendants("svg").Single(svg => (string)svg.Attribute("aria-label")! == "Change by class");
        Assert.Equal(24, bars.Descendants("rect").Count());
        Assert.Contains("class 57", page.Texts("td"));
    }

    [Fact]
    public void A_class_without_samples_has_no_share_and_harms_nothing()
    {
        var report = SampleReport.Create();
        var score = SampleReport.Score(10) with { Confusion = [[50, 10, 0], [0, 40, 0], [0, 0, 0]] };
        var control = SampleReport.Variant("control", score, score);
        var distilled = SampleReport.Variant("distilled", score, score);
        report = report with { Variants = [report.Variants[0], control, distilled], Gain = GainReport.Of(control, distilled), SoftLabels = new(4, [[0.6, 0.2, 0.2], [0.2, 0.6, 0.2], [0, 0, 0]]) };

        string[] row = [.. Page.Read(report).Descendants("tr").Single(tr => tr.Elements("td").FirstOrDefault()?.Value == "cow").Elements("td").Select(td => td.Value)];

        Assert.Equal(["cow", "100.0", "–", "–"], row);
        Assert.DoesNotContain("NaN", HtmlReport.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public void The_soft_labels_are_told_cell_by_cell()
    {
        var titles = Page.Read(SampleReport.Create()).Texts("title").ToList();

        Assert.Contains("cat is taken for dog: 30.00 %", titles);
        Assert.Contains("cow is taken for cat: 10.00 %", titles);
        Assert.Contains("cat taken for dog: 30", titles);
    }

    private static RunReport WithCurve(params EpochResult[] curve)
    {
        var report = SampleReport.Create();
        return report with { Variants = [.. report.Variants.Select(variant => variant with { Seeds = [.. variant.Seeds.Select(seed => seed with { Curve = curve })] })] };
    }

    private static RunReport WithClasses(int count)
    {
        var score = SampleReport.Score(10) with { Confusion = [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, count).Select(j => i == j ? 5 : 0).ToArray())] };
        double[][] soft = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Repeat(1.0 / count, count).ToArray())];
        var report = SampleReport.Create();
        return report with
        {
            ClassNames = [.. Enumerable.Range(0, count).Select(i => $"class {i}")],
            Variants = [.. report.Variants.Select(variant => variant with { Seeds = [.. variant.Seeds.Select(seed => seed with { Score = score })] })],
            SoftLabels = new(4, soft),
        };
    }

    private static IEnumerable<XElement> Charts(RunReport report, string label) => Page.Read(report).Descendants("svg").Where(svg => (string?)svg.Attribute("aria-label") == label);

    private static List<(double X, double Y)> Points(XElement line) => [.. ((string)line.Attribute("points")!).Split(' ').Select(point => (Number(point.Split(',')[0]), Number(point.Split(',')[1])))];

    private static void InsideItsPicture(XElement svg)
    {
        double[] box = [.. ((string)svg.Attribute("viewBox")!).Split(' ').Select(Number)];
        foreach (var mark in svg.Descendants().Where(one => one.Name.LocalName is "rect" or "circle" or "line" or "polyline"))
        {
            List<(double X, double Y)> points = mark.Attribute("points") is not null
                ? Points(mark)
                : mark.Attributes().Where(one => one.Name.LocalName is "x" or "x1" or "x2" or "cx").Select(x => (Number(x.Value), 0.0)).ToList();
            Assert.All(points, point => Assert.True(point.X >= 0 && point.X <= box[2] && point.Y >= 0 && point.Y <= box[3], $"{mark} is outside {box[2]}x{box[3]}"));
            Assert.DoesNotContain(mark.Attributes("width"), width => Number(width.Value) < 0);
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
