using DistillSharp.Recipes;
using DistillSharp.TestKit;

namespace DistillSharp.Tests.Recipes;

public sealed class RecipePathsTests
{
    private const string Relative = "data: {set: glyphs, root: pictures}\nteacher: {weights: models/t.onnx}\nstudent: {weights: ../s.onnx}\n";

    [Fact]
    public void Paths_in_a_file_are_relative_to_its_folder()
    {
        using var folder = new TemporaryFolder();

        var recipe = RecipeReader.Load(folder.Write("recipes/mine.yaml", Relative));

        Assert.Equal(folder["recipes", "pictures"], recipe.Data.Root);
        Assert.Equal(folder["recipes", "models", "t.onnx"], recipe.Teacher.Weights);
        Assert.Equal(folder["s.onnx"], recipe.Student.Weights);
    }

    [Fact]
    public void Paths_in_overrides_are_relative_to_the_current_directory()
    {
        using var folder = new TemporaryFolder();

        var recipe = RecipeReader.Load(folder.Write("mine.yaml", Relative), ["teacher.weights=other.onnx", "data={set: glyphs, root: here}"]);

        Assert.Equal(Path.GetFullPath("other.onnx"), recipe.Teacher.Weights);
        Assert.Equal(Path.GetFullPath("here"), recipe.Data.Root);
        Assert.Equal(Path.GetFullPath("../s.onnx", folder.Path), recipe.Student.Weights);
    }

    [Fact]
    public void Full_paths_stay_as_they_are()
    {
        using var folder = new TemporaryFolder();
        string path = folder["t.onnx"];

        Assert.Equal(path, RecipeReader.Load(folder.Write("a/mine.yaml", $"data: glyphs\nteacher: {{weights: {path}}}\nstudent: mlp\n")).Teacher.Weights);
    }

    [Fact]
    public void What_was_read_and_is_written_elsewhere_names_the_same_files()
    {
        using var folder = new TemporaryFolder();
        var recipe = RecipeReader.Load(folder.Write("recipes/mine.yaml", Relative));

        var again = RecipeReader.Load(folder.Write("runs/mine/recipe.yaml", RecipeWriter.Write(recipe)));

        Assert.Equal((recipe.Data.Root, recipe.Teacher, recipe.Student), (again.Data.Root, again.Teacher, again.Student));
    }
}
