using DistillSharp.Graph;
using DistillSharp.Graph.Builder;
using DistillSharp.Plugins;
using DistillSharp.Recipes;
using DistillSharp.Tasks.Data;
using DistillSharp.Tests.Runs;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Plugins;

/// <summary>What a user adds in an assembly of their own works like what comes along, once the assembly is named.</summary>
public sealed class OwnPluginsTests
{
    private const string Text = """
        name: own
        threads: 1
        data: {set: own-columns, workers: 0}
        teacher: {model: {mlp: {widths: [16]}}}
        student: own-linear
        training: {epochs: 4, batch: 16, min-steps: 0, schedule: own-half, optimizer: {sgd: {learning-rate: 0.1}}}
        distillation:
          hard: 0.5
          losses: [own-square: {scale: 0.2, weight: 0.5}]
        evaluation: {profile: false}
        """;

    private static readonly PluginCatalogs s_plugins = new(typeof(OwnSquareLoss).Assembly);

    [Fact]
    public void Their_recipe_runs_from_end_to_end()
    {
        using var folder = new TemporaryFolder();
        var recipe = RecipeReader.Parse(Text, plugins: s_plugins);

        var report = Distiller.Run(recipe, new() { Folder = folder["run"], Plugins = s_plugins }, TestContext.Current.CancellationToken).Report;

        Assert.Equal(["left", "middle", "right"], report.ClassNames);
        Assert.Equal(("own-linear", 51L), (report.Find("distilled")!.Model, report.Find("distilled")!.Parameters));
        Assert.Contains("+ 0.5 own-square", report.ControlDifference);
        var distilled = report.Find("distilled")!.Seeds[0];
        Assert.True(distilled.Score.Top1 > 0.9, $"{distilled.Score.Top1}");
        Assert.Equal(["hard", "own-square"], distilled.Curve[0].Terms.Keys.Order(StringComparer.Ordinal));
        Assert.All(distilled.Curve, epoch => Assert.Equal(0.05, epoch.LearningRate, 12));
    }

    [Fact]
    public void Their_options_are_read_checked_and_written()
    {
        var recipe = RecipeReader.Parse(Text, plugins: s_plugins);

        Assert.Equal(new OwnSquareLossOptions { Scale = 0.2, Weight = 0.5 }, recipe.Distillation.Losses[0].Options);
        Assert.Contains("scale: 0.2", RecipeWriter.Write(recipe, s_plugins), StringComparison.Ordinal);
        var error = Assert.Throws<RecipeException>(() => RecipeReader.Parse(Text.Replace("scale: 0.2", "scale: 0", StringComparison.Ordinal), plugins: s_plugins));
        Assert.Contains("scale must be above 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Their_keys_are_listed_beside_those_that_come_along()
    {
        Assert.Contains(s_plugins.Losses.All, plugin => plugin.Key == "own-square");
        Assert.Contains(s_plugins.Losses.All, plugin => plugin.Key == "kd");
        Assert.Contains(s_plugins.Models.All, model => model.Key == "own-linear");
    }

    [Fact]
    public void Without_naming_the_assembly_they_are_not_known()
    {
        var error = Assert.Throws<RecipeException>(() => RecipeReader.Parse(Text));

        Assert.Equal(4, error.Problems.Count);
    }

    [Fact]
    public void A_graph_and_a_data_set_made_in_code_need_no_plugin()
    {
        using var folder = new TemporaryFolder();
        var data = new OwnColumnsFormat().Open(new(), TestContext.Current.CancellationToken);
        var recipe = TinyRun.Recipe with { Teacher = new() };

        var report = Distiller.Run(recipe, new() { Folder = folder["run"], Dataset = data, Student = Graph("my net", 3) }, TestContext.Current.CancellationToken).Report;

        Assert.Equal(("own columns", "my net"), (report.Data, Assert.Single(report.Variants).Model));
        Assert.Equal(90, report.Variants[0].Seeds[0].Score.Count);
        Assert.Equal((8 * 16) + 8 + (3 * 8) + 3, report.Variants[0].Parameters);
    }

    [Fact]
    public void A_graph_made_in_code_is_drawn_by_seed_and_left_as_it_was()
    {
        using var folder = new TemporaryFolder();
        var graph = Graph("mine", 10, side: 28);

        Distiller.Run(TinyRun.Recipe with { Teacher = new(), Seeds = 2 }, new() { Folder = folder["run"], Student = graph }, TestContext.Current.CancellationToken);

        Assert.All(graph.FindInitializer("fc1.weight")!.Data.AsSpan<float>().ToArray(), value => Assert.Equal(0, value));
        Assert.NotEqual(
            File.ReadAllBytes(folder["run", "seed-0", "student", "weights", "best.onnx"]),
            File.ReadAllBytes(folder["run", "seed-1", "student", "weights", "best.onnx"]));
    }

    [Fact]
    public void A_graph_made_in_code_for_other_classes_is_refused()
    {
        using var folder = new TemporaryFolder();
        var data = new OwnColumnsFormat().Open(new(), TestContext.Current.CancellationToken);

        var error = Assert.Throws<DataException>(() => Distiller.Run(TinyRun.Recipe with { Teacher = new() }, new() { Folder = folder["run"], Dataset = data, Student = Graph("mine", 4) }, TestContext.Current.CancellationToken));

        Assert.Contains("'mine' answers [batch, 4], but the data asks for [batch, 3]", error.Message, StringComparison.Ordinal);
    }

    private static ModelGraph Graph(string name, int classes, int side = 4)
    {
        var b = new GraphBuilder(name);
        string x = b.Relu("relu", b.Linear("fc1", b.Flatten("flatten", b.Input(1, side, side)), 8, Initialization.Normal(0.3)));
        return b.Build(b.Linear("fc2", x, classes));
    }
}
