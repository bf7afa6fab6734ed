using CsCheck;
using DistillSharp.Detection;
using DistillSharp.Recipes;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Recipes;

public sealed class RecipeWriterTests
{
    public static TheoryData<string> Recipes => [.. Files(detectors: false)];

    public static TheoryData<string> Detectors => [.. Files(detectors: true)];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Every_recipe_that_comes_along_is_read_and_written_unchanged(string file) =>
        ComesBack(RecipeReader.Load(Path.Combine(SharedFolder.RepositoryRoot, "recipes", file)));

    [Theory]
    [MemberData(nameof(Detectors))]
    public void A_detectors_recipe_is_read_and_written_unchanged(string file)
    {
        string text = DetectionRecipe.Load(Path.Combine(SharedFolder.RepositoryRoot, "recipes", file)).ToYaml();
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["again.yaml"], text);

        Assert.Equal(text, DetectionRecipe.Load(folder["again.yaml"]).ToYaml());
        Assert.Contains("image-size: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_in_a_detectors_settings_are_told_all_at_once()
    {
        var error = Assert.Throws<RecipeException>(() => DetectionRecipe.Of("model=yolo11n", "data=coco8.yaml", "training.epochs=0", "training.image-size=100", "training.mosaik=1"));

        Assert.Equal(3, error.Problems.Count);
        Assert.Contains("the nearest is 96", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_that_sets_everything_comes_back() => ComesBack(RecipeReader.Parse("""
        name: everything
        seed: 9007199254740993
        seeds: 3
        device: "cuda:1"
        threads: 2
        data: {set: {glyphs: {train: 100, test: 50}}, root: /some/where, download: false, validation: 0.30000000000000004, omit: [3, 5], skip-bad: yes, workers: 0}
        teacher: {model: {wrn-40-2: {}}, floor: 0.1, allow-weak: true, training: {epochs: 1, augment: [flip, jitter: {pixels: 1}]}}
        student: {model: {mlp: {widths: [], dropout: 0.5}}}
        control: false
        training: {optimizer: {adamw: {learning-rate: 1e-7}}, schedule: constant, warmup-epochs: 0.5, clip-norm: 1e300}
        distillation: {losses: [kd: {temperature: 20}, kd: {weight: 0}], hard: 0, tune-bias: true}
        evaluation: {profile: false}
        """));

    [Fact]
    public void A_run_without_a_teacher_is_written_without_one_and_read_again()
    {
        var recipe = new Recipe { Data = new() { Set = new("glyphs") }, Student = new() { Model = new("mlp") } };

        string text = RecipeWriter.Write(recipe);

        Assert.DoesNotContain("teacher", text, StringComparison.Ordinal);
        Assert.False(RecipeReader.Parse(text).Teacher.Exists);
    }

    [Fact]
    public void Defaults_are_written_out()
    {
        string text = RecipeWriter.Write(RecipeReader.Parse(RecipeMistakes.Sound));

        Assert.Contains("  epochs: 30\n", text, StringComparison.Ordinal);
        Assert.Matches("    - kd:\n(        .*\n)*        temperature: 4\n        weight: 1\n", text);
        Assert.Contains("    glyphs:\n      train: 6000\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_comes_back_as_it_was() =>
        Gen.Char['\u0001', '\uD7FF'].Array[1, 20].Select(chars => "/" + new string(chars)).Sample(
            path => RecipeReader.Parse(RecipeWriter.Write(With(path))).Data.Root == Path.GetFullPath(path),
            iter: 500);

    private static Recipe With(string root) =>
        new() { Data = new() { Set = new("glyphs"), Root = root }, Student = new() { Model = new("mlp") } };

    private static void ComesBack(Recipe recipe)
    {
        string text = RecipeWriter.Write(recipe);
        var again = RecipeReader.Parse(text);

        Assert.Equivalent(recipe, again, strict: true);
        Assert.Equal(text, RecipeWriter.Write(again));
    }

    private static IEnumerable<string> Files(bool detectors) =>
        Directory.GetFiles(Path.Combine(SharedFolder.RepositoryRoot, "recipes"), "*.yaml").Where(path => DetectionRecipe.Is(path) == detectors).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
