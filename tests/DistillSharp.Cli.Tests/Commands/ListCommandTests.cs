using DistillSharp.Execution;
using DistillSharp.Plugins;
using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests.Commands;

public class ListCommandTests
{
    [Fact]
    public void Models_are_those_of_the_catalogue() => Shows("models", PluginCatalogs.BuiltIn.Models.All.Select(model => (model.Key, model.Summary)));

    [Fact]
    public void Losses_are_those_of_the_catalogue() => Shows("losses", PluginCatalogs.BuiltIn.Losses.All.Select(Entry));

    [Fact]
    public void Data_sets_are_those_of_the_catalogue() => Shows("datasets", PluginCatalogs.BuiltIn.Datasets.All.Select(Entry));

    [Fact]
    public void Augmentations_are_those_of_the_catalogue() => Shows("augmentations", PluginCatalogs.BuiltIn.Augmentations.All.Select(Entry));

    [Fact]
    public void Optimizers_are_those_of_the_catalogue() => Shows("optimizers", PluginCatalogs.BuiltIn.Optimizers.All.Select(Entry));

    [Fact]
    public void Schedules_are_those_of_the_catalogue() => Shows("schedules", PluginCatalogs.BuiltIn.Schedules.All.Select(Entry));

    [Fact]
    public void Passes_are_those_of_the_catalogue() => Shows("passes", PluginCatalogs.BuiltIn.Passes.All.Select(Entry));

    [Theory]
    [InlineData("-v")]
    [InlineData("--verbose")]
    public void An_option_is_answered_with_there_being_none(string option) =>
        DistillCommand.Run("list", "models", option).Refused(2, $"'list' has no option '{option}': it takes none but --help.");

    [Fact]
    public void Operators_are_those_the_executor_covers() => Shows("operators", OperatorTable.Covered.Select(name => (name, "")));

    [Theory]
    [InlineData("model", "Did you mean 'models'?")]
    [InlineData("everything", "There are models, losses, datasets, augmentations, optimizers, schedules, passes, operators.")]
    public void An_unknown_kind_is_answered_with_what_can_be_listed(string kind, string hint) =>
        DistillCommand.Run("list", kind).Refused(2, $"There is nothing called '{kind}' to list. {hint}");

    private static (string, string) Entry(Plugin plugin) => (plugin.Key, plugin.Summary);

    private static void Shows(string kind, IEnumerable<(string Key, string Summary)> expected)
    {
        string[] lines = DistillCommand.Run("list", kind).Done().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var entries = expected.ToList();
        Assert.NotEmpty(entries);
        Assert.Equal(entries.Select(entry => entry.Key), lines.Select(line => line.Split(' ')[0]));
        Assert.All(lines.Zip(entries), pair => Assert.EndsWith(pair.Second.Summary, pair.First, StringComparison.Ordinal));
    }
}
