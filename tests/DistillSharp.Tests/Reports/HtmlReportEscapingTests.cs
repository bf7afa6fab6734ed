using DistillSharp.Reports;

namespace DistillSharp.Tests.Reports;

/// <summary>Names come from folders, recipes and report files of anybody's.</summary>
public sealed class HtmlReportEscapingTests
{
    private const string Evil = "<img src=x onerror=\"alert('1')\">&amp;\"/><script>2</script>";

    public static TheoryData<string> Fields => ["name", "command", "data", "split", "class", "machine", "variant", "model", "verdict", "difference", "skipped", "recipe"];

    [Theory]
    [MemberData(nameof(Fields))]
    public void Whatever_a_field_holds_stays_text(string field)
    {
        var report = With(field, Evil);

        var page = Page.Read(report);

        Assert.Empty(page.Descendants("img"));
        Assert.Empty(page.Descendants("script"));
        Assert.DoesNotContain(page.Descendants().SelectMany(one => one.Attributes()), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.Contains(Evil, page.Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_beyond_ascii_are_shown_as_they_are()
    {
        var page = Page.Read(With("class", "Straße 🐈"));

        Assert.Contains("Straße 🐈", page.Texts("td"));
    }

    [Fact]
    public void A_long_name_is_not_cut_within_a_character()
    {
        // The axis has room for twelve letters; the twelfth is half of the cat.
        var page = Page.Read(With("class", "eleven more🐈🐈🐈"));

        Assert.DoesNotContain('\uFFFD', page.Root!.Value);
        Assert.Contains("eleven more", page.Texts("text"));
    }

    private static RunReport With(string field, string text)
    {
        var report = SampleReport.Create();
        return field switch
        {
            "name" => report with { Name = text },
            "command" => report with { Command = text },
            "data" => report with { Data = text },
            "split" => report with { Split = text },
            "class" => report with { ClassNames = [text, "dog", "cow"] },
            "machine" => report with { Machine = new(text, text, 1, [text], text) },
            "variant" => report with { Variants = [.. report.Variants, report.Variants[0] with { Name = text }] },
            "model" => report with { Variants = [report.Variants[0] with { Model = text }, .. report.Variants.Skip(1)] },
            "verdict" => report with { Gain = report.Gain! with { Verdict = text } },
            "difference" => report with { ControlDifference = [text] },
            "skipped" => report with { SkippedSamples = [text] },
            _ => report with { Recipe = text },
        };
    }
}
