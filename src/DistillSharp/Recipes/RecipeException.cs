namespace DistillSharp.Recipes;

/// <summary>A recipe has mistakes: all of them, each with its place.</summary>
public sealed class RecipeException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="problems">The mistakes, at least one.</param>
    public RecipeException(IReadOnlyList<RecipeProblem> problems)
        : base(string.Join("\n", problems)) => Problems = problems;

    /// <summary>The mistakes.</summary>
    public IReadOnlyList<RecipeProblem> Problems { get; }
}
