using DistillSharp.Graph.Zoo;
using DistillSharp.Losses;
using DistillSharp.Losses.Response;
using DistillSharp.Recipes;
using DistillSharp.Tasks.Data.Glyphs;
using DistillSharp.Training;
using static DistillSharp.Tests.Recipes.RecipeMistakes;

namespace DistillSharp.Tests.Recipes;

public sealed class RecipeReaderTests
{
    [Fact]
    public void Three_lines_are_a_whole_recipe()
    {
        var recipe = RecipeReader.Parse(Sound);

        Assert.Equal("glyphs", recipe.Data.Set.Key);
        Assert.Equal("resnet8", recipe.Teacher.Model!.Key);
        Assert.Equal("mlp", recipe.Student.Model!.Key);
        Assert.Equal(("run", 0L, 1, "cpu", true), (recipe.Name, recipe.Seed, recipe.Seeds, recipe.Device, recipe.Control));
        Assert.Equal("kd", Assert.Single(recipe.Distillation.Losses).Key);
    }

    [Fact]
    public void Every_kind_of_value_is_read()
    {
        var recipe = RecipeReader.Parse("""
            name: a-run.1
            seed: -3
            control: no
            data:
              set:
                glyphs: {train: 300}
              omit: [1, 4]
              validation: 0.25
            teacher: {model: resnet8, floor: 5e-1, training: {epochs: 7}}
            student:
              model:
                mlp: {widths: [64, 32]}
            training:
              augment: jitter
            distillation:
              losses:
                - kd: {temperature: 2, weight: 0.5}
            """);

        Assert.Equal(("a-run.1", -3L, false, 0.25), (recipe.Name, recipe.Seed, recipe.Control, recipe.Data.Validation));
        Assert.Equal([1, 4], recipe.Data.Omit);
        Assert.Equal(300, Assert.IsType<GlyphsOptions>(recipe.Data.Set.Options).Train);
        Assert.Equal((0.5, 7), (recipe.Teacher.Floor, recipe.Teacher.Training!.Epochs));
        Assert.Equal([64, 32], Assert.IsType<MlpOptions>(recipe.Student.Model!.Options).Widths);
        Assert.Equal("jitter", Assert.Single(recipe.Training.Augment).Key);
        Assert.Equal(new KdLossOptions { Temperature = 2, Weight = 0.5 }, Assert.Single(recipe.Distillation.Losses).Options);
    }

    [Fact]
    public void A_choice_without_options_has_the_defaults_of_its_options()
    {
        var recipe = RecipeReader.Parse(Sound + "training: {optimizer: adamw}\ndistillation: {losses: [kd: {}]}\n");

        Assert.Equal(new AdamWOptions(), recipe.Training.Optimizer.Options);
        Assert.Equal(new KdLossOptions(), recipe.Distillation.Losses[0].Options);
    }

    [Fact]
    public void A_recipe_without_a_teacher_trains_the_student_alone()
    {
        var recipe = RecipeReader.Parse("data: glyphs\nstudent: mlp\n");

        Assert.False(recipe.Teacher.Exists);
    }

    [Fact]
    public void Three_mistakes_are_told_at_once_each_with_its_place()
    {
        var problems = In("""
            name: three
            data: glyphz
            teacher:
              model: resnet8
              floor: 1.5
            student:
              model: mlp
            training:
              epocs: 3
            """);

        Assert.Equal([(2, 7), (5, 10), (9, 3)], problems.Select(problem => (problem.Line, problem.Column)));
        Assert.Equal(["glyphz", "1.5", "epocs"], problems.Select(Underlined));
        Assert.Contains("'glyphs'", problems[0].Message, StringComparison.Ordinal);
        Assert.Contains("from 0 to 1", problems[1].Message, StringComparison.Ordinal);
        Assert.Contains("'epochs'", problems[2].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_exception_says_file_line_column_text_and_caret()
    {
        var error = Assert.Throws<RecipeException>(() => RecipeReader.Parse("data: glyphs\nteacher: resnet8\nstudent: {model: mlpp}\n", "mine.yaml"));

        Assert.Equal("""
            mine.yaml(3,18): error: There is no model named 'mlpp'. Did you mean 'mlp'?
              student: {model: mlpp}
                               ^^^^
            """, error.Message);
    }

    [Theory]
    [InlineData("training: {optimizer: sdg}", "sdg", "'sgd'")]
    [InlineData("training: {schedule: cosin}", "cosin", "'cosine'")]
    [InlineData("training: {augment: [jiter]}", "jiter", "'jitter'")]
    [InlineData("distillation: {losses: [kdd]}", "kdd", "'kd'")]
    [InlineData("distillation: {losses: [kd: {temprature: 3}]}", "temprature", "'temperature'")]
    [InlineData("evaluation: {profil: false}", "profil", "'profile'")]
    [InlineData("treining: {}", "treining", "'training'")]
    public void A_near_miss_is_suggested(string line, string underlined, string suggested)
    {
        var problem = Assert.Single(In(Sound + line));

        Assert.Equal((4, underlined), (problem.Line, Underlined(problem)));
        Assert.Contains(suggested, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_key_that_is_like_none_lists_what_there_is()
    {
        var problem = Assert.Single(In(Sound + "evaluation: {whatsoever: 1}"));

        Assert.Contains("'whatsoever'", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Known are profile", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("seeds: many", "many", "whole number")]
    [InlineData("seeds: 1.5", "1.5", "whole number")]
    [InlineData("seeds: 99999999999", "99999999999", "whole number")]
    [InlineData("control: maybe", "maybe", "true or false")]
    [InlineData("training: {warmup-epochs: soon}", "soon", "number")]
    [InlineData("distillation: {hard: .inf}", ".inf", "number")]
    [InlineData("distillation: {hard: nan}", "nan", "number")]
    [InlineData("seed: [1]", "[", "whole number")]
    [InlineData("training: [1]", "[", "Settings are expected")]
    [InlineData("training: fast", "fast", "Settings are expected")]
    [InlineData("distillation: {losses: [{kd: {}, dkd: {}}]}", "{", "One choice")]
    [InlineData("training: {schedule: {constant: {rate: 1}}}", "{", "takes no options")]
    public void A_value_of_the_wrong_type_is_refused_where_it_stands(string line, string underlined, string message)
    {
        var problem = Assert.Single(In(Sound + line));

        Assert.Equal((4, underlined), (problem.Line, Underlined(problem)));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("distillation: {losses: [kd: {temperature: 0}]}", "0", "temperature must be above 0")]
    [InlineData("distillation: {losses: []}", "[", "one loss or more")]
    [InlineData("distillation: {hard: -1}", "-1", "0 (soft labels only) or more")]
    [InlineData("training: {epochs: 0}", "0", "1 or more")]
    [InlineData("training: {label-smoothing: 1}", "1", "below 1")]
    [InlineData("seeds: 0", "0", "from 1 to 1000")]
    [InlineData("threads: -1", "-1", "0 (one a core) or more")]
    [InlineData("name: a/b", "a/b", "letters, digits")]
    [InlineData("name: ..", "..", "letters, digits")]
    public void A_value_out_of_bounds_is_refused_with_the_bounds(string line, string underlined, string message)
    {
        var problem = Assert.Single(In(Sound + line));

        Assert.Equal((4, underlined), (problem.Line, Underlined(problem)));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_keys_are_named_all_at_once()
    {
        var problems = In("teacher: resnet8");

        Assert.Equal(["The key 'data' is missing here.", "The key 'student' is missing here."], problems.Select(problem => problem.Message).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_needed_key_without_a_value_is_refused()
    {
        var problems = In("data:\n  set:\nteacher: resnet8\nstudent: ~\nseeds:\n");

        Assert.Equal([("set", 2), ("student", 4), ("seeds", 5)], problems.Select(problem => (Underlined(problem), problem.Line)));
        Assert.All(problems, problem => Assert.Contains("has no value", problem.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void An_optional_key_without_a_value_has_its_default()
    {
        var recipe = RecipeReader.Parse("data: {set: glyphs, root: ~}\nteacher: resnet8\nstudent: mlp\nname:\ntraining:\n");

        Assert.Null(recipe.Data.Root);
        Assert.Equal("run", recipe.Name);
        Assert.Equal(30, recipe.Training.Epochs);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var error = Assert.Throws<FileNotFoundException>(() => RecipeReader.Load("no-such-recipe.yaml"));

        Assert.Contains("'no-such-recipe.yaml'", error.Message, StringComparison.Ordinal);
    }
}
