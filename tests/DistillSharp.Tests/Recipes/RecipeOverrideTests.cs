using DistillSharp.Graph.Zoo;
using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using DistillSharp.Recipes;
using static DistillSharp.Tests.Recipes.RecipeMistakes;

namespace DistillSharp.Tests.Recipes;

public sealed class RecipeOverrideTests
{
    private static Recipe Read(params IReadOnlyList<string> overrides) => RecipeReader.Parse(Sound, "mine.yaml", overrides);

    [Fact]
    public void A_value_is_set_where_there_was_none() => Assert.Equal(5, Read("training.epochs=5").Training.Epochs);

    [Fact]
    public void A_value_takes_the_place_of_the_files() => Assert.Equal("lenet5", Read("teacher=lenet5").Teacher.Model!.Key);

    [Fact]
    public void Later_overrides_win() => Assert.Equal(7, Read("seeds=5", "seeds=7").Seeds);

    [Fact]
    public void An_option_of_a_chosen_model_widens_the_choice()
    {
        string text = "data: glyphs\nteacher: resnet8\nstudent:\n  model: mlp\n";

        var recipe = RecipeReader.Parse(text, overrides: ["student.model.mlp.widths=[32]", "student.model.mlp.dropout=0.5"]);

        var options = Assert.IsType<MlpOptions>(recipe.Student.Model!.Options);
        Assert.Equal([32], options.Widths);
        Assert.Equal(0.5, options.Dropout);
    }

    [Fact]
    public void A_place_in_a_list_is_its_number_from_0()
    {
        string text = Sound + "distillation:\n  losses:\n    - kd: {temperature: 2}\n    - kd: {temperature: 3}\n";

        var losses = RecipeReader.Parse(text, overrides: ["distillation.losses.1.kd.temperature=8"]).Distillation.Losses;

        Assert.Equal([2, 8], losses.Select(loss => ((KdLossOptions)loss.Options!).Temperature));
    }

    [Fact]
    public void A_value_may_be_a_whole_tree() =>
        Assert.Equal(1.5, ((KdLossOptions)Read("distillation={losses: [kd: {temperature: 1.5}]}").Distillation.Losses[0].Options!).Temperature);

    [Theory]
    [InlineData("training.epocs=5", "'epochs'")]
    [InlineData("training.epochs=0", "1 or more")]
    [InlineData("student=mlpp", "'mlp'")]
    [InlineData("training.epochs=many", "whole number")]
    [InlineData("seeds.first=1", "'seeds.first' leads nowhere")]
    [InlineData("data.set.train=1", "'data.set' leads nowhere")]
    [InlineData("training", "KEY.KEY=VALUE")]
    [InlineData("=5", "KEY.KEY=VALUE")]
    [InlineData("training..epochs=5", "KEY.KEY=VALUE")]
    [InlineData("training.epochs=", "KEY.KEY=VALUE")]
    [InlineData("training.epochs=[1", "no YAML")]
    public void A_mistake_points_at_the_override(string change, string message)
    {
        var problem = Assert.Single(In(Sound + "seeds: 1\n", change));

        Assert.Equal(("--set", change), (problem.Source, Underlined(problem)));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("mine.yaml", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_beyond_a_list_leads_nowhere()
    {
        string text = Sound + "distillation: {losses: [kd]}\n";

        Assert.Contains("'distillation.losses.1' leads nowhere", Assert.Single(In(text, "distillation.losses.1=kd")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_of_file_and_override_are_told_together_the_files_first()
    {
        var problems = In(Sound + "seeds: 0\n", "threads=-1");

        Assert.Equal(["mine.yaml", "--set"], problems.Select(problem => problem.Source));
    }

    [Fact]
    public void A_rule_broken_by_an_override_points_at_the_override()
    {
        var problem = Assert.Single(In(Sound, "teacher={floor: 0.5}"));

        Assert.Equal("--set", problem.Source);
        Assert.Contains("The teacher needs 'model'", problem.Message, StringComparison.Ordinal);
    }
}
