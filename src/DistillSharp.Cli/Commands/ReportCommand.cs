using System.CommandLine;
using System.Text.Json;
using DistillSharp.Cli.Views;
using DistillSharp.Detection.Reports;
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

            string text = File.ReadAllText(path), page = Path.ChangeExtension(path, ".html");
            RunReport report;
            try
            {
                if (IsDetection(text))
                {
                    var detection = DetectionRunReport.Parse(text);
                    DistilledDetectorView.Print(detection);
                    RunFolder.WriteWhole(page, DetectionHtml.Write(detection));
                    Console.Out.WriteLine($"\nreport   {page}");
                    return CommandLine.Done;
                }

                report = RunReport.Parse(text);
            }
            catch (JsonException error)
            {
                throw new IOException($"'{path}' is no report: {error.Message}", error);
            }

            ReportView.Print(report);
            RunFolder.WriteWhole(page, HtmlReport.Write(report));
            Console.Out.WriteLine($"\nreport   {page}");
            return CommandLine.Done;
        });
        return command;
    }

    private static bool IsDetection(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("task", out var task) && task.ValueKind == JsonValueKind.String && task.ValueEquals("detect");
    }
}
