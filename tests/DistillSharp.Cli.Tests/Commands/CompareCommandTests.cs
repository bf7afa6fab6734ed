using DistillSharp.TestKit;

namespace DistillSharp.Cli.Tests.Commands;

public class CompareCommandTests
{
    private const string Common = """
        threads: 1
        data: {set: {glyphs: {train: 300, test: 100}}}
        teacher:
          model: {mlp: {widths: [48]}}
          training: {epochs: 6, batch: 32}
        student: {model: {mlp: {widths: [8]}}}
        training: {epochs: 2, batch: 32}
        """;

    [Fact]
    public void Methods_are_compared_in_one_table_and_what_is_done_is_not_done_again()
    {
        using var folder = new TemporaryFolder();
        folder.Write("hot.yaml", $"name: hot\n{Common}\ndistillation: {{hard: 0.1, losses: [{{kd: {{temperature: 4, weight: 0.9}}}}]}}\n");
        folder.Write("cold.yaml", $"name: cold\n{Common}\ndistillation: {{hard: 0.1, losses: [{{kd: {{temperature: 1, weight: 0.9}}}}]}}\n");

        // The folder that is taken where none is named.
        string first = DistillCommand.RunIn(folder.Path, ["compare", "hot.yaml", "--seeds", "2"]).Done().Output;
        Assert.Contains("0.1 hard + 0.9 kd (T 4)", first, StringComparison.Ordinal);
        string page = File.ReadAllText(folder["runs", "compare", "comparison.md"]);
        Assert.Matches(@"teacher mlp \(\d+\.\d\d % top-1\), 2 epochs each, seeds 0, 1\.", page);
        Assert.Equal(2, page.Split('\n').Count(line => line.StartsWith("| control |", StringComparison.Ordinal) || line.StartsWith("| hot |", StringComparison.Ordinal)));

        string second = DistillCommand.RunIn(folder.Path, ["compare", "hot.yaml", "cold.yaml", "--seeds", "2"]).Done().Output;
        Assert.Contains("teacher is done already", second, StringComparison.Ordinal);
        Assert.Contains("control is done already", second, StringComparison.Ordinal);
        Assert.Contains("hot is done already", second, StringComparison.Ordinal);
        Assert.DoesNotContain("cold is done already", second, StringComparison.Ordinal);
        string[] rows = File.ReadAllLines(folder["runs", "compare", "comparison.md"]);
        Assert.Contains(page.Split('\n').Single(line => line.StartsWith("| hot |", StringComparison.Ordinal)), rows);
        Assert.Single(rows, line => line.StartsWith("| cold |", StringComparison.Ordinal));
    }

    [Fact]
    public void Recipes_that_differ_in_more_than_their_method_are_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.yaml", $"name: a\n{Common}\ndistillation: {{losses: [kd]}}\n");
        folder.Write("b.yaml", $"name: b\n{Common.Replace("epochs: 2", "epochs: 3", StringComparison.Ordinal)}\ndistillation: {{losses: [kd]}}\n");

        DistillCommand.RunIn(folder.Path, ["compare", "a.yaml", "b.yaml"]).Refused(2, "differ in more than their distillation", "training.epochs is 2 and 3");
        Assert.False(Directory.Exists(folder["runs"]));
    }
}
