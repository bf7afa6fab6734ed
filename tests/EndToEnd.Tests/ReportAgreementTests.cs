using System.Globalization;
using System.Text.RegularExpressions;
using DistillSharp.TestKit;

namespace EndToEnd.Tests;

public class ReportAgreementTests(TinyRun run)
{
    private static readonly string[] s_rows = ["errors", "top-1 %", "top-5 %", "NLL", "ECE %", "parameters", "MACs", "file", "p50 ms", "p95 ms", "images/s (batch 32)", "peak memory (batch 32)"];

    [Fact]
    public void The_printed_table_and_the_page_agree_to_the_digit()
    {
        string page = File.ReadAllText(run.At("report.html"));
        foreach (string name in s_rows)
        {
            string[] shown = [.. Regex.Matches(Regex.Match(page, $"<tr><td>{Regex.Escape(name)}</td>(.*?)</tr>").Groups[1].Value, "<td>(.*?)</td>").Select(cell => cell.Groups[1].Value)];
            Assert.Equal(Printed(name), shown);
        }
    }

    [Fact]
    public void The_printed_table_is_the_data_of_the_report_rounded()
    {
        var variants = run.Report.Variants;
        Assert.Equal(["teacher", "control", "distilled"], variants.Select(variant => variant.Name));
        Assert.Equal(variants.Select(variant => variant.Seeds[0].Score.Errors.ToString(CultureInfo.InvariantCulture)), Printed("errors"));
        Assert.Equal(variants.Select(variant => (100 - (variant.Seeds[0].Score.Errors / 2.0)).ToString("0.00", CultureInfo.InvariantCulture)), Printed("top-1 %"));
        Assert.Equal(variants.Select(variant => variant.Seeds[0].Score.Nll.ToString("0.0000", CultureInfo.InvariantCulture)), Printed("NLL"));
    }

    [Fact]
    public void The_verdict_is_the_difference_of_the_two_scores()
    {
        int[] errors = [.. Printed("errors").Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        double points = (errors[1] - errors[2]) / 2.0;
        Assert.Equal(points, run.Report.Gain!.Mean, 9);
        Assert.Contains(Math.Abs(points).ToString("0.00", CultureInfo.InvariantCulture) + " points of top-1", run.Output, StringComparison.Ordinal);
        Assert.Contains("over 200 test images", run.Report.Gain.Verdict, StringComparison.Ordinal);
        Assert.Contains(run.Report.Gain.Verdict, File.ReadAllText(run.At("report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_run_prints_the_same_verdict_again()
    {
        string output = DistillCommand.Run("report", run.At()).Done().Output;
        Assert.Contains($"\n{run.Report.Gain!.Verdict}\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "teacher")]
    [InlineData(1, "control")]
    [InlineData(2, "distilled")]
    public void Scoring_a_models_file_gives_the_tables_errors(int column, string name)
    {
        string output = DistillCommand.Run("val", "--model", run.At($"seed-0/{name}/weights/best.onnx"), "--data", run.At("recipe.yaml")).Done().Output;
        Assert.Contains("200 test samples", output, StringComparison.Ordinal);
        Assert.Equal(Printed("errors")[column], Regex.Match(output, @"^errors\s+(\d+)$", RegexOptions.Multiline).Groups[1].Value);
    }

    [Fact]
    public void The_students_agreement_with_its_teacher_is_what_scoring_finds()
    {
        string output = DistillCommand.Run(
            "val", "--model", run.At("seed-0/distilled/weights/best.onnx"), "--teacher", run.At("seed-0/teacher/weights/best.onnx"), "--data", run.At("recipe.yaml")).Done().Output;
        Assert.Equal(Printed("agrees %")[^1], Regex.Match(output, @"^agrees %\s+(\S+)$", RegexOptions.Multiline).Groups[1].Value);
    }

    [Fact]
    public void What_the_control_lacks_is_the_distillation_and_nothing_else()
    {
        Assert.Equal(["+ 1 kd (T 3)"], run.Report.ControlDifference);
        Assert.Equal(run.Report.Find("control")!.Seeds[0].Steps, run.Report.Find("distilled")!.Seeds[0].Steps);
    }

    /// <summary>The cells of a printed row; a size and its unit are one cell.</summary>
    private string[] Printed(string name)
    {
        string line = run.Output.Split('\n').Single(line => line.StartsWith(name + "  ", StringComparison.Ordinal));
        return [.. Regex.Split(line[name.Length..].Trim(), @"\s{2,}")];
    }
}
