using System.Globalization;
using System.Text.RegularExpressions;
using DistillSharp.Reports;

namespace DistillSharp.Tests.Reports;

public sealed class HtmlReportTests
{
    [Fact]
    public void The_page_is_well_formed_and_in_this_order()
    {
        var page = Page.Read(SampleReport.Create());

        Assert.Equal("sample", page.Texts("h1").Single());
        Assert.Equal(["Side by side", "Distilled against control", "Learning", "What the teacher knows", "Mistakes", "Classes that gained and lost", "Do it again"], page.Texts("h2"));
    }

    [Fact]
    public void The_page_asks_for_nothing_and_runs_nothing()
    {
        string html = HtmlReport.Write(SampleReport.Create());

        Assert.DoesNotContain("http:", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https:", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(@"(?i)<(script|link|iframe|object|embed|img|base|form)\b", html);
        Assert.DoesNotMatch(@"(?i)\b(src|href|srcset|action)\s*=|url\s*\(|@import|javascript:", html);
        Assert.DoesNotMatch(@"(?i)<[^>]*\son\w+\s*=", html);
    }

    [Fact]
    public void The_table_shows_the_strings_of_the_screen()
    {
        var report = SampleReport.Create();
        var table = ReportTable.Of(report);

        var shown = Page.Read(report).Descendants("table").First().Descendants("tr").Select(row => row.Elements().Select(cell => cell.Value).ToList()).ToList();

        Assert.Equal(["", "teacher", "control", "distilled"], shown[0]);
        foreach (var row in shown.Skip(1))
        {
            int column = table.Header.ToList().IndexOf(row[0]);
            Assert.Equal(table.Rows.Select(cells => cells[column]), row.Skip(1));
        }

        // The corner has no name; every other column has its row.
        Assert.Equal(table.Header.Count - 1, shown.Count - 1);
    }

    [Fact]
    public void The_cards_and_the_json_agree_with_the_table_to_the_digit()
    {
        var report = SampleReport.Create();
        var parsed = RunReport.Parse(report.ToJson());

        string[] shown = [.. Page.Read(report).Descendants("b").Select(card => card.Value)];

        string Figure(VariantReport variant)
        {
            double[] shares = [.. variant.Seeds.Select(seed => 100.0 * (seed.Score.Count - seed.Score.Errors) / seed.Score.Count)];
            double deviation = Math.Abs(shares[0] - shares[1]) / Math.Sqrt(2);
            return string.Create(CultureInfo.InvariantCulture, $"{shares.Average():0.00} ± {deviation:0.00} %");
        }

        Assert.Equal(parsed.Variants.Select(Figure), shown);
        Assert.Equal(shown, ReportTable.Of(parsed).Rows.Select(row => $"{row[3]} %"));
    }

    [Fact]
    public void The_gain_is_told_with_its_errors_and_what_differs()
    {
        var page = Page.Read(SampleReport.Create());

        string text = page.Texts("p").Single(one => one.StartsWith("The control is", StringComparison.Ordinal));
        Assert.Contains("makes 25 errors, the distilled student 17.5: 30.0 % fewer.", text, StringComparison.Ordinal);
        Assert.Contains("+ kd with weight 0.9 at T = 4", page.Texts("pre"));
        Assert.Contains("+12.00 points", page.Texts("text"));
        Assert.Contains("+3.00 points", page.Texts("text"));
    }

    [Fact]
    public void A_control_without_errors_is_told_without_a_share()
    {
        var report = SampleReport.Create();
        var control = SampleReport.Variant("control", SampleReport.Score(0), SampleReport.Score(0));
        report = report with { Variants = [report.Variants[0], control, report.Variants[2]], Gain = GainReport.Of(control, report.Variants[2]) };

        string text = Page.Read(report).Texts("p").Single(one => one.StartsWith("The control is", StringComparison.Ordinal));

        Assert.Contains("makes 0 errors, the distilled student 17.5.", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Distillation helps", 10, 11, "verdict")]
    [InlineData("No clear difference", 25, 29, "verdict open")]
    [InlineData("No clear difference", 30, 31, "verdict open")]
    [InlineData("Distillation hurts", 40, 41, "verdict none")]
    public void The_verdict_has_the_colour_of_what_it_says(string verdict, int first, int second, string style)
    {
        // The control makes 30 errors with both seeds.
        var report = SampleReport.Create();
        var gain = GainReport.Of(SampleReport.Variant("control", SampleReport.Score(30), SampleReport.Score(30)), SampleReport.Variant("distilled", SampleReport.Score(first), SampleReport.Score(second)));

        var box = Page.Read(report with { Gain = gain }).Descendants("div").First(div => ((string)div.Attribute("class")!).StartsWith("verdict", StringComparison.Ordinal));

        Assert.StartsWith($"{verdict}:", box.Value, StringComparison.Ordinal);
        Assert.Equal(style, (string)box.Attribute("class")!);
    }

    [Fact]
    public void One_seed_paints_nothing_red()
    {
        // 5 of 100 samples worse, on one seed.
        var report = SampleReport.Create() with { Seeds = [4] };
        var gain = GainReport.Of(SampleReport.Variant("control", SampleReport.Score(20)), SampleReport.Variant("distilled", SampleReport.Score(25)));

        var box = Page.Read(report with { Gain = gain }).Descendants("div").First(div => ((string)div.Attribute("class")!).StartsWith("verdict", StringComparison.Ordinal));

        Assert.Equal("verdict open", (string)box.Attribute("class")!);
    }

    [Fact]
    public void The_picture_of_the_gain_is_told_with_its_interval()
    {
        // +12 and +3 points: mean 7.5, 12.706 * 4.5 = 57.18.
        Assert.Contains("Points of top-1 by seed: +7.50 (-49.68 to +64.68), mean and 95 % interval over the seeds.", Page.Read(SampleReport.Create()).Texts("figcaption"));
    }

    [Fact]
    public void A_model_trained_alone_has_a_page_too()
    {
        var report = SampleReport.Create() with { Variants = [SampleReport.Variant("student", SampleReport.Score(5), SampleReport.Score(6))], Gain = null, SoftLabels = null, ControlDifference = [] };

        var page = Page.Read(report);

        Assert.Contains("trained alone, without a teacher", page.Root!.Value, StringComparison.Ordinal);
        Assert.Equal(["Side by side", "Learning", "Mistakes", "Do it again"], page.Texts("h2"));
    }

    [Fact]
    public void Without_a_control_nothing_is_said_of_a_gain()
    {
        var report = SampleReport.Create();

        var page = Page.Read(report with { Variants = [report.Variants[0], report.Variants[2]], Gain = null });

        Assert.Contains("nothing can be said about what distillation gained", page.Root!.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("Distilled against control", page.Texts("h2"));
    }

    [Fact]
    public void The_machine_the_command_and_the_recipe_are_there_to_repeat_the_run()
    {
        var page = Page.Read(SampleReport.Create() with { SkippedSamples = ["broken.png"] });

        Assert.Equal(["+ kd with weight 0.9 at T = 4", "distill run sample.yaml", "broken.png", "name: sample\n"], page.Texts("pre"));
        Assert.Contains("Some CPU, 2 cores (AVX2), Some OS, .NET 10.", page.Texts("p"));
    }

    [Fact]
    public void The_page_holds_no_number_that_is_none() => Assert.DoesNotMatch(new Regex("NaN|∞|Infinity"), HtmlReport.Write(SampleReport.Create()));
}
