using System.Text.Json;
using DistillSharp.Reports;

namespace DistillSharp.Tests.Reports;

public sealed class RunReportTests
{
    [Fact]
    public void A_report_comes_back_from_json_as_it_was()
    {
        var report = SampleReport.Create();

        var again = RunReport.Parse(report.ToJson());

        Assert.Equivalent(report, again, strict: true);
        Assert.Equal(report.ToJson(), again.ToJson());
    }

    [Fact]
    public void Numbers_in_json_are_whole()
    {
        using var json = JsonDocument.Parse(SampleReport.Create().ToJson());

        var control = json.RootElement.GetProperty("variants")[1];
        Assert.Equal(0.7, control.GetProperty("seeds")[0].GetProperty("score").GetProperty("top1").GetDouble());
        Assert.Equal(30, control.GetProperty("seeds")[0].GetProperty("score").GetProperty("errors").GetInt32());
        Assert.Equal(0.1234, control.GetProperty("profile").GetProperty("latency_p50").GetDouble());
        Assert.Equal(0.25, control.GetProperty("seeds")[1].GetProperty("curve")[0].GetProperty("terms").GetProperty("kd").GetDouble());
        Assert.Equal(2, json.RootElement.GetProperty("format").GetInt32());
        Assert.Equal("unclear", json.RootElement.GetProperty("gain").GetProperty("answer").GetString());
    }

    [Fact]
    public void The_gain_of_an_earlier_layout_is_judged_again()
    {
        var report = SampleReport.Create();
        var old = report with { Format = 1, Gain = new([12, 3], 7.5, 6.36, 2, "Distillation helped: +7.50 ± 6.36 points of top-1 over 2 seeds, better on 2 of them.", 0.3) };

        var again = RunReport.Parse(old.ToJson());

        Assert.Equal(GainAnswer.Unclear, again.Gain!.Answer);
        Assert.Equal(report.Gain!.Verdict, again.Gain.Verdict);
        Assert.Equal(report.Gain.Verdict, RunReport.Parse(report.ToJson()).Gain!.Verdict);
    }

    [Fact]
    public void Which_samples_are_right_comes_back()
    {
        var report = SampleReport.Create();
        var variant = report.Variants[0];
        report = report with { Variants = [variant with { Seeds = [variant.Seeds[0] with { Right = RightAnswers.Pack([0, 1, 2, 0, 0, 0, 0, 0, 1], [0, 1, 0, 0, 0, 0, 0, 0, 1]) }, variant.Seeds[1]] }] };

        var seeds = RunReport.Parse(report.ToJson()).Variants[0].Seeds;

        Assert.Equal([0b1111_1011, 1], seeds[0].Right);
        Assert.Null(seeds[1].Right);
    }

    [Fact]
    public void Infinite_and_missing_numbers_come_back()
    {
        var report = SampleReport.Create();
        report = report with { Gain = report.Gain! with { ErrorsRemoved = double.NegativeInfinity }, SoftLabels = new(4, [[double.NaN]]) };

        var again = RunReport.Parse(report.ToJson());

        Assert.Equal(double.NegativeInfinity, again.Gain!.ErrorsRemoved);
        Assert.Equal(double.NaN, again.SoftLabels!.Mean[0][0]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"name\": 3}")]
    public void What_is_no_report_is_refused(string json) => Assert.Throws<JsonException>(() => RunReport.Parse(json));

    [Fact]
    public void A_report_without_its_variants_is_refused()
    {
        string json = SampleReport.Create().ToJson().Replace("\"class_names\": [\n    \"cat\",\n    \"dog\",\n    \"cow\"\n  ]", "\"class_names\": null", StringComparison.Ordinal);

        Assert.Contains("\"class_names\": null", json, StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => RunReport.Parse(json));
    }

    [Fact]
    public void Variants_are_found_by_name_and_averaged_over_the_seeds()
    {
        var report = SampleReport.Create();

        Assert.Null(report.Find("tuned"));
        Assert.Equal(17.5, report.Find("distilled")!.Mean(score => score.Errors));
        Assert.Equal(Math.Sqrt(0.5), report.Find("distilled")!.Deviation(score => score.Errors), 12);
    }
}
