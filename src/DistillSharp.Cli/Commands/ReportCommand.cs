using System.CommandLine;
using System.Text.Json;
using DistillSharp.Cli.Views;
using DistillSharp.Reports;
using DistillSharp.Runs;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill report RUN</c>: shows a finished run's table and writes its page again.</summary>
internal static class ReportCommand
{
    public static Command Build()
    {
        var run = new Argument<string>("run") { Description = "The run's folder, or its report.json" };
        var command = new Command("report", "Show a finished run's table and write its page again") { run };
        command.OnRun((parsed, _) =>
        {
            string path = parsed.GetValue(run)!;
            path = Directory.Exists(path) ? Path.Combine(path, "report.json") : path;
            if (!File.Exists(path))
            {
                throw new FileNotFoundException($"'{path}' does not exist: the run is not finished, or it is no run.");
            }

            RunReport report;
            try
            {
                report = RunReport.Parse(File.ReadAllText(path));
            }
            catch (JsonException error)
            {
                throw new IOException($"'{path}' is no report: {error.Message}", error);
            }

            ReportView.Print(report);
            string page = Path.ChangeExtension(path, ".html");
            RunFolder.WriteWhole(page, HtmlReport.Write(report));
            Console.Out.WriteLine($"\nreport   {page}");
            return CommandLine.Done;
        });
        return command;
    }
}
