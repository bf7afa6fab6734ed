namespace DistillSharp.Detection;

/// <summary>The files and folders that a detector's recipe names.</summary>
internal static class DetectionPaths
{
    /// <summary>Paths that lead nowhere from the current directory, but do from the recipe's folder, are taken from there.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="folder">The folder of its file.</param>
    public static DetectionRecipe Beside(DetectionRecipe recipe, string folder) => Each(recipe, path => !Path.Exists(path) && Path.Combine(folder, path) is var near && Path.Exists(near) ? near : path);

    /// <summary>The recipe with its files in full, so that the run goes on from anywhere.</summary>
    /// <param name="recipe">The recipe.</param>
    public static DetectionRecipe InFull(DetectionRecipe recipe) =>
        Each(recipe, path => Path.Exists(path) ? Path.GetFullPath(path) : path) with { DataRoot = recipe.DataRoot is { } root ? Path.GetFullPath(root) : null };

    private static DetectionRecipe Each(DetectionRecipe recipe, Func<string, string> change) => recipe with
    {
        Model = Each(recipe.Model, change),
        Data = change(recipe.Data),
        Teacher = [.. recipe.Teacher.Select(teacher => teacher with { Model = Each(teacher.Model, change) })],
        Unlabelled = recipe.Unlabelled is { } unlabelled ? unlabelled with { Folder = change(unlabelled.Folder) } : null,
    };

    /// <summary>A key of the zoo is no path, whatever folder of that name there is.</summary>
    private static DetectorChoice Each(DetectorChoice choice, Func<string, string> change) => choice.IsFile ? choice with { Name = change(choice.Name) } : choice;
}
