using DistillSharp.Detection.Reports;
using DistillSharp.Tasks.Detection.Metrics;

namespace DistillSharp.Cli.Views;

/// <summary>Prints the table of a detector's distillation: the same strings as the page.</summary>
internal static class DistilledDetectorView
{
    public static void Print(DetectionRunReport report)
    {
        var rows = DetectionTable.Rows(report);
        var header = DetectionTable.Header(report);
        int first = header.Max(name => name.Length);
        int[] widths = [.. rows.Select(row => row.Max(cell => cell.Length))];
        Console.Out.WriteLine($"\n{report.Data}, {string.Join(", ", report.Repeats)}: {report.Split}");
        for (int i = 0; i < header.Count; i++)
        {
            if (rows.Any(row => row[i].Length > 0))
            {
                Console.Out.WriteLine($"{header[i].PadRight(first)}  {string.Join("  ", rows.Select((row, column) => row[i].PadLeft(widths[column])))}");
            }
        }

        Console.Out.WriteLine($"{DetectionScore.MapMethod}.");
        if (report.Repeats.Count > 1)
        {
            Console.Out.WriteLine("± is the standard deviation over the repeats (n - 1).");
        }

        if (report.Gain is { } gain)
        {
            Console.Out.WriteLine($"\n{gain.Verdict}");
        }

        foreach (string warning in report.Warnings)
        {
            Console.Out.WriteLine($"warning: {warning}");
        }

        if (report.SkippedPictures.Count > 0)
        {
            Console.Out.WriteLine($"{report.SkippedPictures.Count} pictures could not be read; report.html names them.");
        }
    }
}
