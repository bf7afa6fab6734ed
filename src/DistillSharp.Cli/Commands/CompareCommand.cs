using System.CommandLine;
using System.Globalization;
using DistillSharp.Cli.Views;
using DistillSharp.Recipes;
using DistillSharp.Reports;
using DistillSharp.Runs;
using Spectre.Console;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill compare RECIPE…</c>: methods against each other, with one teacher and one control.</summary>
internal static class CompareCommand
{
    public static Command Build()
    {
        var recipes = new Argument<string[]>("recipes") { Description = "The recipes, YAML files that differ in their distillation alone", Arity = ArgumentArity.OneOrMore };
        var seeds = new Option<int?>("--seeds") { Description = "The number of seeds (default: the first recipe's)", HelpName = "N" };
        var set = new Option<string[]>("--set") { Description = "Change a value in every recipe: training.epochs=5", HelpName = "KEY=VALUE", AllowMultipleArgumentsPerToken = false };
        var root = CommonOptions.DataRoot();
        var outFolder = CommonOptions.Out();
        var command = new Command("compare", "Compare methods: recipes x seeds with one teacher and one control, one table") { recipes, seeds, set, root, outFolder };
        command.OnRun((parsed, cancellation) =>
        {
            List<string> changes = [.. parsed.GetValue(set) ?? []];
            if (parsed.GetValue(root) is { } given)
            {
                changes.Add($"data.root=\"{Path.GetFullPath(given)}\"");
            }

            Recipe[] read = [.. parsed.GetValue(recipes)!.Select(path => RecipeReader.Load(path, changes))];
            string folder = parsed.GetValue(outFolder) ?? Path.Combine("runs", "compare");
            using var view = ProgressView.Create();
            ComparisonReport report;
            try
            {
                report = view.Show(() => MethodComparison.Run(
                    read, parsed.GetValue(seeds) ?? read[0].Seeds, folder, new() { Observers = [view.Observer], Log = view, Downloads = view.Downloads }, cancellation));
            }
            catch (OperationCanceledException)
            {
                Console.Error.WriteLine($"distill: interrupted. Go on with the same command; what is done in '{folder}' is kept.");
                throw;
            }

            Print(report);
            Console.Out.WriteLine($"\ntable    {RunCommand.Near(Path.GetFullPath(Path.Combine(folder, "comparison.md")))}");
            return CommandLine.Done;
        });
        return command;
    }

    private static void Print(ComparisonReport report)
    {
        var table = new Table();
        foreach (string column in new[] { "method", "top-1 %", "against control (95 %)", "better in", "parameters", "s/epoch" })
        {
            table.AddColumn(new TableColumn(column).NoWrap());
        }

        foreach (var row in report.Rows)
        {
            table.AddRow(
                Markup.Escape(row.Name),
                row.Figures(),
                row.Against?.Figures() ?? "",
                row.BetterIn(),
                row.Parameters.ToString("#,0", CultureInfo.InvariantCulture),
                row.SecondsAnEpoch.ToString("0.0", CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(table);
        int width = report.Rows.Max(row => row.Name.Length);
        foreach (var row in report.Rows)
        {
            Console.Out.WriteLine($"{row.Name.PadRight(width)}  {row.Terms}");
        }

        Console.Out.WriteLine($"\n{report.Verdict()}\n{report.Method()}");
    }
}
