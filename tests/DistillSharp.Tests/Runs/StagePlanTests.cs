using DistillSharp.Detection;
using DistillSharp.Plugins;
using DistillSharp.Recipes;
using DistillSharp.Runs;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Runs;

/// <summary>A run tells its stages with number and count, and the plan that counts them is what is then done.</summary>
public sealed class StagePlanTests
{
    private const string Tiny = """
        name: tiny
        threads: 1
        data: {set: {glyphs: {train: 120, test: 40}}, workers: 0}
        student: {model: {mlp: {widths: [8]}}}
        training: {epochs: 1, batch: 32, min-steps: 0}
        evaluation: {profile: false}

        """;

    private const string Taught = Tiny + "teacher: {model: {mlp: {widths: [16]}}, allow-weak: true}\n";

    [Theory]
    [InlineData(Tiny, "student")]
    [InlineData(Tiny + "quantization: {samples: 16}", "student, int8")]
    [InlineData(Taught, "teacher, control, distilled")]
    [InlineData(Taught + "control: false", "teacher, distilled")]
    [InlineData(Taught + "ensemble: {members: [{model: {mlp: {widths: [16]}}}]}", "teacher, teacher-2, control, distilled")]
    [InlineData(Taught + "assistants: [{model: {mlp: {widths: [12]}}}, {model: {mlp: {widths: [10]}}}]\ngenerations: 2", "teacher, assistant-1, assistant-2, control, generation-1, distilled")]
    [InlineData(Taught + "distillation: {stages: [{losses: [kd]}]}\ngenerations: 2", "teacher, control, generation-1-stage-1, generation-1, distilled-stage-1, distilled")]
    [InlineData(Taught + "data: {set: {glyphs: {train: 120, test: 40}}, workers: 0, omit: [3]}\ndistillation: {tune-bias: true}\nquantization: {samples: 16}", "teacher, control, distilled, tuned, int8")]
    [InlineData(Tiny + "self-teacher: {}", "control, distilled")]
    [InlineData(Tiny + "mutual: {peers: [{mlp: {widths: [8]}}]}", "control, distilled")]
    public void Every_kind_of_run_goes_through_the_stages_of_its_plan(string yaml, string stages)
    {
        // The later of two lines of one key is meant.
        string[] lines = yaml.Split('\n');
        yaml = string.Join('\n', lines.Where((line, i) => !line.StartsWith("data:", StringComparison.Ordinal) || i == Array.FindLastIndex(lines, one => one.StartsWith("data:", StringComparison.Ordinal))));
        var recipe = RecipeReader.Parse(yaml) with { Seeds = 2, Seed = 4 };
        string[] titles = [.. new[] { 4, 5 }.SelectMany(seed => stages.Split(", ").Select(stage => $"{stage} (seed {seed})")), "measuring"];
        using var folder = new TemporaryFolder();
        var diary = new StageDiary();

        folder.Run(recipe, diary);

        Assert.Equal(titles, StagePlan.Of(recipe, PluginCatalogs.BuiltIn, []).Titles);
        diary.AssertWhole(titles);
        Assert.All(diary.Trained, pair => Assert.Equal(pair.Stage, pair.Model));
        Assert.Contains(diary.Work, one => one is { Stage: "measuring", Work: { Share: 1 } });
        Assert.All(diary.Work, one => Assert.InRange(one.Work.Share, 0, 1));
    }

    [Fact]
    public void A_run_that_goes_on_tells_the_stages_that_are_done_too()
    {
        using var folder = new TemporaryFolder();
        folder.Run(TinyRun.Recipe);
        var diary = new StageDiary();

        folder.Resume(TinyRun.Recipe, diary);

        diary.AssertWhole("teacher (seed 0)", "control (seed 0)", "distilled (seed 0)", "measuring");
    }

    [Fact]
    public void A_comparison_names_the_method_and_counts_all_its_parts()
    {
        using var folder = new TemporaryFolder();
        var diary = new StageDiary();
        Recipe[] recipes = [TinyRun.Recipe with { Name = "hot" }, TinyRun.Recipe with { Name = "cold" }];

        MethodComparison.Run(recipes, 2, folder["all"], new() { Observers = [diary] }, TestContext.Current.CancellationToken);

        string Taught(string name, int seed) => $"{name}, teacher (seed {seed})";
        diary.AssertWhole(
            "teacher (seed 0)", "teacher, measuring",
            "control (seed 0)", "control (seed 1)", "control, measuring",
            Taught("hot", 0), "hot (seed 0)", Taught("hot", 1), "hot (seed 1)", "hot, measuring",
            Taught("cold", 0), "cold (seed 0)", Taught("cold", 1), "cold (seed 1)", "cold, measuring");
    }

    [Fact]
    public void A_stage_that_is_not_in_the_plan_is_refused() =>
        Assert.Contains("'more (seed 0)'", Assert.Throws<InvalidOperationException>(() => StagePlan.Of(TinyRun.Recipe, PluginCatalogs.BuiltIn, []).Begin("more", "seed 0")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_detectors_teachers_are_one_stage_for_all_seeds_and_one_for_each_fold()
    {
        var recipe = new DetectionRecipe { Model = "yolo11n", Data = "my.yaml", Teacher = [new() { Model = "yolo11s" }, new() { Model = "other.onnx" }], Quantization = new() };

        Assert.Equal(
            ["teacher (seed 0)", "teacher-2 (seed 0)", "control (seed 0)", "distilled (seed 0)", "int8 (seed 0)", "measuring"],
            StagePlan.Of(recipe, ["seed 0"], []).Titles);
        Assert.Equal(
            ["teacher", "teacher-2", "control (seed 0)", "distilled (seed 0)", "int8 (seed 0)", "control (seed 1)", "distilled (seed 1)", "int8 (seed 1)", "measuring"],
            StagePlan.Of(recipe with { Seeds = 2 }, ["seed 0", "seed 1"], []).Titles);
        Assert.Equal(
            ["teacher (fold 1)", "distilled (fold 1)", "teacher (fold 2)", "distilled (fold 2)", "measuring"],
            StagePlan.Of(recipe with { Folds = 2, Teacher = [recipe.Teacher[0]], Control = false, Quantization = null }, ["fold 1", "fold 2"], []).Titles);
        Assert.Equal(["alone", "measuring"], StagePlan.Of(new() { Name = "alone", Model = "yolo11n", Data = "my.yaml" }, [], []).Titles);
    }
}
