using DistillSharp.Runtime.Profiling;

namespace DistillSharp.Cli.Views;

/// <summary>Prints a comparison of models.</summary>
internal static class BenchView
{
    public static void Print(BenchmarkReport report)
    {
        IReadOnlyList<string>[] lines = [BenchTable.Header, .. BenchTable.Rows(report)];
        int[] widths = [.. BenchTable.Header.Select((_, column) => lines.Max(line => line[column].Length))];
        foreach (var line in lines)
        {
            Console.Out.WriteLine(string.Join("  ", line.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
        }

        Console.Out.WriteLine();
        foreach (var result in report.Results)
        {
            Console.Out.WriteLine($"{result.Path}: {result.Inputs}");
        }

        Console.Out.WriteLine(BenchTable.Method(report));
    }
}
