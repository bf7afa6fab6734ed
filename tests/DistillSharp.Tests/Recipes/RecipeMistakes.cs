using DistillSharp.Recipes;

namespace DistillSharp.Tests.Recipes;

/// <summary>Reads recipes that must be refused.</summary>
internal static class RecipeMistakes
{
    /// <summary>A sound recipe to put one mistake into.</summary>
    public const string Sound = "data: glyphs\nteacher: resnet8\nstudent: mlp\n";

    public static IReadOnlyList<RecipeProblem> In(string text, params IReadOnlyList<string> overrides) =>
        Assert.Throws<RecipeException>(() => RecipeReader.Parse(text, "mine.yaml", overrides)).Problems;

    /// <summary>The text above the carets, as a reader sees it.</summary>
    public static string Underlined(RecipeProblem problem)
    {
        string[] lines = problem.ToString().Split('\n')[^2..];
        return lines[0].Substring(lines[1].IndexOf('^', StringComparison.Ordinal), lines[1].Count(c => c == '^'));
    }
}
