using CsCheck;
using DistillSharp.Recipes;
using DistillSharp.TestKit;
using static DistillSharp.Tests.Recipes.RecipeMistakes;

namespace DistillSharp.Tests.Recipes;

/// <summary>Recipes are foreign files: whatever they hold, the answer is a recipe or a list of mistakes.</summary>
public sealed class RecipeReaderHostileTests
{
    private static readonly string[] s_words =
    [
        "data", "set", "glyphs", "teacher", "student", "model", "mlp", "widths", "resnet8", "training", "epochs", "augment", "distillation", "losses", "kd", "temperature",
        "weights", "root", "omit", "seeds", "name", "null", "~", "true", "1", "-5", "1e999", "''", "\"\"", ": ", ": ", ": ", "\n", "\n", "\n  ", "\n    ", "- ", "[", "]", "{", "}", ", ",
        "&a ", "*a", "!!int ", "!x ", "|", ">", "? ", "#", "\t", "---", "...", "%YAML 1.2", "<<", "\"\\0\"", "\r\n", "é", "\u2028", "@", "`",
    ];

    [Fact]
    public void Aliases_are_refused_where_they_stand()
    {
        var problem = Assert.Single(In("data: &set glyphs\nteacher: resnet8\nstudent: *set\n"));

        Assert.Equal((3, 10), (problem.Line, problem.Column));
        Assert.Contains("aliases (*name) are not allowed", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bomb_of_aliases_in_an_override_is_refused()
    {
        var problem = Assert.Single(In(Sound, "training=[&a [x, x], *a, *a]"));

        Assert.Contains("aliases", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public void Deep_nesting_is_refused(int levels)
    {
        string deep = new('[', levels);

        Assert.Contains("more than 20 levels", Assert.Single(In(Sound + "name: " + deep)).Message, StringComparison.Ordinal);
        Assert.Contains("more than 20 levels", Assert.Single(In(Sound, "name=" + deep)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_more_than_a_megabyte_is_refused_unread()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("big.yaml", Sound + "#" + new string('x', 1_000_000));

        var problem = Assert.Single(Assert.Throws<RecipeException>(() => RecipeReader.Load(path)).Problems);

        Assert.Equal(path, problem.Source);
        Assert.Contains($"{new FileInfo(path).Length:N0} bytes", problem.Message, StringComparison.Ordinal);
        Assert.Contains("1,000,000", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_given_twice_is_refused()
    {
        var problem = Assert.Single(In(Sound + "seeds: 1\nseeds: 2\n"));

        Assert.Contains("seeds", problem.Message, StringComparison.Ordinal);
        Assert.Equal(5, problem.Line);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing")]
    [InlineData("just a text")]
    [InlineData("- data\n- student")]
    [InlineData("data: glyphs\n---\ndata: glyphs")]
    public void What_is_no_single_mapping_is_told_what_a_recipe_is(string text) =>
        Assert.Contains("one YAML document with 'data', 'student'", Assert.Single(In(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("data: [glyphs", 1)]
    [InlineData("data: glyphs\n\tstudent: mlp", 1)]
    [InlineData("data: \"glyphs", 1)]
    public void What_is_no_yaml_is_refused_with_its_line(string text, int line)
    {
        var problem = Assert.Single(In(text));

        Assert.StartsWith("This is no YAML", problem.Message, StringComparison.Ordinal);
        Assert.InRange(problem.Line, line, line + 1);
    }

    [Fact]
    public void A_path_that_cannot_be_one_is_a_mistake_of_the_recipe()
    {
        var problems = In("data: {set: glyphs, root: \"\"}\nteacher: {weights: \"a\\0b\"}\nstudent: mlp\n");

        Assert.Equal([1, 2], problems.Select(problem => problem.Line));
        Assert.All(problems, problem => Assert.Contains("A file or folder is expected", problem.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Random_text_gives_a_recipe_or_its_mistakes() =>
        Gen.String.Sample(GivesARecipeOrItsMistakes, iter: 1_000);

    [Fact]
    public void Random_yaml_like_text_gives_a_recipe_or_its_mistakes() =>
        Words(s_words).Array[0, 40].Select(string.Concat).Sample(GivesARecipeOrItsMistakes, iter: 6_000);

    [Fact]
    public void Random_overrides_give_a_recipe_or_its_mistakes() =>
        Words([.. s_words, ".", "=", "="]).Array[0, 12].Select(string.Concat).Sample(change => GivesARecipeOrItsMistakes(Sound, change), iter: 6_000);

    private static Gen<string> Words(string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);

    private static bool GivesARecipeOrItsMistakes(string text) => GivesARecipeOrItsMistakes(text, "seeds=1");

    private static bool GivesARecipeOrItsMistakes(string text, string change)
    {
        try
        {
            var recipe = RecipeReader.Parse(text, overrides: [change]);
            return recipe.Data.Set is not null && (recipe.Student.Model is not null || recipe.Student.Weights is not null);
        }
        catch (RecipeException error)
        {
            return error.Problems.Count > 0 && error.Problems.All(problem => problem.ToString().Contains("error: ", StringComparison.Ordinal));
        }
    }
}
