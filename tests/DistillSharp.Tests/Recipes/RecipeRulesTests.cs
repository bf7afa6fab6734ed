using DistillSharp.Recipes;
using static DistillSharp.Tests.Recipes.RecipeMistakes;

namespace DistillSharp.Tests.Recipes;

public sealed class RecipeRulesTests
{
    [Theory]
    [InlineData("data: glyphs\nteacher:\nstudent: mlp\n", 2)]
    [InlineData("data: glyphs\nteacher: {}\nstudent: mlp\n", 2)]
    [InlineData("data: glyphs\nstudent: mlp\nteacher:\n  floor: 0.5\n", 3)]
    public void A_teacher_that_is_written_names_a_model_or_a_file(string text, int line)
    {
        var problem = Assert.Single(In(text));

        Assert.Equal((line, "teacher"), (problem.Line, Underlined(problem)));
        Assert.Contains("needs 'model'", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Leave 'teacher' out", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_teacher_is_not_both_model_and_file()
    {
        var problem = Assert.Single(In("data: glyphs\nteacher: {model: resnet8, weights: a.onnx}\nstudent: mlp\n"));

        Assert.Equal((2, "teacher"), (problem.Line, Underlined(problem)));
        Assert.Contains("both 'model' and 'weights'", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("student: {}")]
    [InlineData("student: {model: mlp, weights: a.onnx}")]
    public void A_student_is_either_model_or_file(string student)
    {
        var problem = Assert.Single(In($"data: glyphs\nteacher: resnet8\n{student}\n"));

        Assert.Equal((3, "student"), (problem.Line, Underlined(problem)));
        Assert.Contains("'model'", problem.Message, StringComparison.Ordinal);
        Assert.Contains("'weights'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Biases_are_tuned_only_for_omitted_classes()
    {
        var problem = Assert.Single(In(Sound + "distillation: {tune-bias: true}\n"));

        Assert.Equal((4, "distillation"), (problem.Line, Underlined(problem)));
        Assert.Contains("data.omit", problem.Message, StringComparison.Ordinal);
        Assert.True(RecipeReader.Parse("data: {set: glyphs, omit: 3}\nteacher: resnet8\nstudent: mlp\ndistillation: {tune-bias: true}\n").Distillation.TuneBias);
    }

    [Fact]
    public void Labels_are_taken_away_or_the_images_replaced_and_not_both()
    {
        var problem = Assert.Single(In("data: {set: glyphs, labels: 60, unlabelled: images}\nteacher: resnet8\nstudent: mlp\ndistillation: {hard: 0}\n"));

        Assert.Equal((1, "data"), (problem.Line, Underlined(problem)));
        Assert.Contains("Give one of the two", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_epochs_of_the_control_are_given_once()
    {
        var problem = Assert.Single(In(Sound + "control-epochs: 60\ncontrol-training: {epochs: 50}\n"));

        Assert.Equal((4, "control-epochs"), (problem.Line, Underlined(problem)));
        Assert.Contains("'control-training'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_are_told_beside_mistakes_elsewhere()
    {
        var problems = In("data: glyphs\nteacher: {}\nstudent: mlp\nseeds: many\n");

        Assert.Equal([2, 4], problems.Select(problem => problem.Line));
    }

    [Fact]
    public void A_section_with_a_mistake_of_its_own_is_not_blamed_twice() =>
        Assert.Contains("'model'", Assert.Single(In("data: glyphs\nteacher: {modle: resnet8}\nstudent: mlp\n")).Message, StringComparison.Ordinal);
}
