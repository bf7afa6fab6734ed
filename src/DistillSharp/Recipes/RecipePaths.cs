using System.Runtime.CompilerServices;
using YamlDotNet.RepresentationModel;

namespace DistillSharp.Recipes;

/// <summary>
/// The files and folders a recipe names. In a recipe file they are relative to its folder, everywhere else (overrides, C#) to
/// the current directory; a run's own recipe holds them in full, so that it runs from anywhere.
/// </summary>
internal static class RecipePaths
{
    private static readonly (string Section, string Key)[] s_paths = [("data", "root"), ("data", "unlabelled"), ("teacher", "weights"), ("student", "weights")];

    /// <summary>Refuses what cannot be a path.</summary>
    public static string? Checked(string? path, [CallerMemberName] string name = "") =>
        path is null || (path.Trim().Length > 0 && !path.Contains('\0', StringComparison.Ordinal))
            ? path
            : throw new ArgumentOutOfRangeException(name, path, "A file or folder is expected here, but the text is empty or holds a zero character.");

    /// <summary>Makes the paths in a recipe file's tree relative to its folder.</summary>
    public static void Anchor(YamlMappingNode root, string folder)
    {
        foreach (var (section, key) in s_paths)
        {
            if (Find(Find(root, section), key) is YamlScalarNode { Value: { Length: > 0 } path } node && !RecipeBinder.IsNull(node) && !path.Contains('\0', StringComparison.Ordinal))
            {
                node.Value = Path.GetFullPath(path, folder);
            }
        }

        var further = Find(root, "plugins") is { } plugins ? Items(plugins) : [];
        var members = Find(Find(root, "ensemble"), "members") is { } list ? Items(list).Select(member => Find(member, "weights")) : [];
        foreach (var node in further.Concat(members.OfType<YamlNode>()).OfType<YamlScalarNode>().Where(node => node.Value is { Length: > 0 } path && !path.Contains('\0', StringComparison.Ordinal)))
        {
            node.Value = Path.GetFullPath(node.Value!, folder);
        }
    }

    private static IEnumerable<YamlNode> Items(YamlNode node) => node is YamlSequenceNode list ? list.Children : [node];

    /// <summary>The recipe with its paths in full; relative ones are below the current directory.</summary>
    public static Recipe InFull(Recipe recipe) => recipe with
    {
        Data = recipe.Data with { Root = InFull(recipe.Data.Root), Unlabelled = InFull(recipe.Data.Unlabelled) },
        Plugins = [.. recipe.Plugins.Select(path => Path.GetFullPath(path))],
        Ensemble = recipe.Ensemble is { } ensemble ? ensemble with { Members = [.. ensemble.Members.Select(member => member with { Weights = InFull(member.Weights) })] } : null,
        Teacher = recipe.Teacher with { Weights = InFull(recipe.Teacher.Weights) },
        Student = recipe.Student with { Weights = InFull(recipe.Student.Weights) },
    };

    private static string? InFull(string? path) => path is null ? null : Path.GetFullPath(path);

    private static YamlNode? Find(YamlNode? node, string key) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;
}
