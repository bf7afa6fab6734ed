using YamlDotNet.RepresentationModel;

namespace DistillSharp.Detection;

/// <summary>The files and folders that a detector's recipe names.</summary>
internal static class DetectionPaths
{
    /// <summary>Makes the files and folders in a recipe file's tree those beside it; what is not there stays, and may be a key, or lie below the current directory.</summary>
    /// <param name="root">The tree.</param>
    /// <param name="folder">The folder of the file.</param>
    public static void Anchor(YamlMappingNode root, string folder)
    {
        // A key of the zoo is no path, whatever lies beside the recipe.
        var models = Teachers(root).Append(Find(root, "model")).OfType<YamlScalarNode>().Where(node => new DetectorChoice(node.Value ?? "").IsFile);
        foreach (var node in new[] { Find(root, "data"), Find(Find(root, "unlabelled"), "folder") }.OfType<YamlScalarNode>().Concat(models))
        {
            if (node.Value is { Length: > 0 } path && !path.Contains('\0', StringComparison.Ordinal) && Path.GetFullPath(path, folder) is var near && Path.Exists(near))
            {
                node.Value = near;
            }
        }
    }

    private static IEnumerable<YamlNode?> Teachers(YamlMappingNode root)
    {
        var teacher = Find(root, "teacher");
        return (teacher is YamlSequenceNode several ? several.Children : [teacher!]).Select(one => Find(one, "model") ?? one);
    }

    private static YamlNode? Find(YamlNode? node, string key) => node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

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
