using System.CommandLine;
using DistillSharp.Execution;
using DistillSharp.Graph;
using DistillSharp.Plugins;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill list KIND</c>: what can be chosen by key.</summary>
internal static class ListCommand
{
    private static readonly string[] s_kinds = ["models", "losses", "datasets", "augmentations", "optimizers", "schedules", "passes", "operators"];

    public static Command Build()
    {
        var kind = new Argument<string>("kind") { Description = string.Join(", ", s_kinds) };
        kind.Validators.Add(result =>
        {
            string given = result.Tokens[0].Value;
            if (!s_kinds.Contains(given))
            {
                result.AddError($"There is nothing called '{given}' to list. {(NearMiss.Of(given, s_kinds) is { } near ? $"Did you mean '{near}'?" : $"There are {string.Join(", ", s_kinds)}.")}");
            }
        });
        var command = new Command("list", "List models, losses, data sets and the other plug-ins") { kind };
        command.OnRun((parsed, _) =>
        {
            var all = PluginCatalogs.BuiltIn;
            var entries = parsed.GetValue(kind) switch
            {
                "models" => all.Models.All.Select(model => (model.Key, model.Summary)),
                "losses" => Of(all.Losses.All),
                "datasets" => Of(all.Datasets.All),
                "augmentations" => Of(all.Augmentations.All),
                "optimizers" => Of(all.Optimizers.All),
                "schedules" => Of(all.Schedules.All),
                "passes" => Of(all.Passes.All),
                _ => OperatorTable.Covered.Select(name => (name, "trained by the executor")),
            };
            foreach (var (key, summary) in entries)
            {
                Console.Out.WriteLine($"{key,-21} {summary}");
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static IEnumerable<(string, string)> Of(IEnumerable<Plugin> plugins) => plugins.Select(plugin => (plugin.Key, plugin.Summary));
}
