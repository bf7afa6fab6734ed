using DistillSharp.Reports;

namespace DistillSharp.Cli.Views;

/// <summary>Prints a report's table: the same strings as the page.</summary>
internal static class ReportView
{
    public static void Print(RunReport report)
    {
        // One column a variant reads well on a narrow terminal and in a log.
        var table = ReportTable.Of(report);
        int first = table.Header.Max(name => name.Length);
        int[] widths = [.. table.Rows.Select(row => row.Max(cell => cell.Length))];
        Console.Out.WriteLine($"\n{report.Data}, {(report.Seeds.Count == 1 ? "seed" : "seeds")} {string.Join(", ", report.Seeds)}\n{report.Split}");
        for (int i = 0; i < table.Header.Count; i++)
        {
            if (table.Rows.Any(row => row[i].Length > 0))
            {
                Console.Out.WriteLine($"{table.Header[i].PadRight(first)}  {string.Join("  ", table.Rows.Select((row, column) => row[i].PadLeft(widths[column])))}");
            }
        }

        if (report.Seeds.Count > 1)
        {
            Console.Out.WriteLine("± is the standard deviation over the seeds (n - 1).");
        }

        if (report.Gain is { } gain)
        {
            Console.Out.WriteLine($"\n{gain.Verdict}");
        }

        if (report.SkippedSamples.Count > 0)
        {
            Console.Out.WriteLine($"{report.SkippedSamples.Count} undecodable samples were skipped; report.html names them.");
        }
    }
}
