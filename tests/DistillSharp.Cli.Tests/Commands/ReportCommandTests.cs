using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests.Commands;

public class ReportCommandTests
{
    [Fact]
    public void A_finished_run_is_shown_as_it_was_and_its_page_written_again()
    {
        using var folder = new TemporaryFolder();
        var run = DistillCommand.RunIn(folder.Path, ["run", TinyRecipe.Write(folder, epochs: 1), "--out", "run"]).Done();
        string page = File.ReadAllText(folder["run/report.html"]);
        File.Delete(folder["run/report.html"]);
        var report = DistillCommand.RunIn(folder.Path, ["report", "run"]).Done();
        Assert.Contains(Table(report.Output), run.Output, StringComparison.Ordinal);
        Assert.Equal(page, File.ReadAllText(folder["run/report.html"]));
    }

    [Fact]
    public void A_run_without_a_report_is_told_apart()
    {
        using var folder = new TemporaryFolder();
        DistillCommand.Run("report", folder.Path).Refused(1, folder["report.json"], "the run is not finished, or it is no run");
    }

    [Theory]
    [InlineData("{\"format\": 1")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    public void A_file_that_is_no_report_is_named(string text)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("report.json", text);
        DistillCommand.Run("report", path).Refused(1, $"'{path}' is no report");
    }

    private static string Table(string output)
    {
        string[] lines = output.Trim().Split('\n');
        Assert.Contains(lines, line => line.StartsWith("top-1 %", StringComparison.Ordinal));
        return string.Join('\n', lines[..^2]);
    }
}
