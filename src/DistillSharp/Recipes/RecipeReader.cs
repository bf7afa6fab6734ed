using DistillSharp.Plugins;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DistillSharp.Recipes;

/// <summary>Reads recipes. All mistakes are found before any is told: unknown keys, wrong types, values out of range, unknown plug-ins.</summary>
public static class RecipeReader
{
    private const int MaxLength = 1_000_000;

    /// <summary>Reads a recipe file. Files and folders it names are relative to its own folder; those in overrides to the current directory.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="overrides">Changes of the form <c>training.epochs=5</c>, applied in order.</param>
    /// <param name="plugins">What can be chosen; null for what is built in.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="RecipeException">The recipe has mistakes.</exception>
    public static Recipe Load(string path, IReadOnlyList<string>? overrides = null, PluginCatalogs? plugins = null)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
        {
            throw new FileNotFoundException($"The recipe '{path}' does not exist.", path);
        }

        if (info.Length > MaxLength)
        {
            throw new RecipeException([new(path, 0, 1, 1, $"The file has {info.Length:N0} bytes; a recipe has at most {MaxLength:N0}.", "")]);
        }

        return Parse(File.ReadAllText(path), path, Path.GetDirectoryName(Path.GetFullPath(path)), overrides, plugins);
    }

    /// <summary>Reads a recipe from text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="overrides">Changes of the form <c>training.epochs=5</c>, applied in order.</param>
    /// <param name="plugins">What can be chosen; null for what is built in.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="RecipeException">The recipe has mistakes.</exception>
    public static Recipe Parse(string text, string name = "recipe", IReadOnlyList<string>? overrides = null, PluginCatalogs? plugins = null) =>
        Parse(text, name, folder: null, overrides, plugins);

    private static Recipe Parse(string text, string name, string? folder, IReadOnlyList<string>? overrides, PluginCatalogs? plugins)
    {
        var source = new RecipeSource(name, text);
        var root = ReadYaml(text, source);
        source.ThrowIfAny();
        if (folder is not null)
        {
            RecipePaths.Anchor(root!, folder);
        }

        foreach (string change in overrides ?? [])
        {
            RecipeOverride.Apply(root!, change, source);
        }

        source.ThrowIfAny();
        var binder = new RecipeBinder(source, (plugins ?? PluginCatalogs.BuiltIn).WithFiles(PluginFiles(root!)));
        object? recipe = binder.Bind(root!, typeof(Recipe));
        RecipeRules.Check(binder, root!, source);
        source.ThrowIfAny();
        return RecipePaths.InFull((Recipe)recipe!);
    }

    /// <summary>The assemblies a recipe names: they are needed to understand the rest of it.</summary>
    private static string[] PluginFiles(YamlMappingNode root) => !root.Children.TryGetValue(new YamlScalarNode("plugins"), out var node) ? []
        : [.. (node is YamlSequenceNode list ? list.Children : [node]).OfType<YamlScalarNode>().Select(file => file.Value ?? "").Where(file => file.Length > 0)];

    /// <summary>Reads settings of another kind from a file, with the same care.</summary>
    /// <typeparam name="T">Their record.</typeparam>
    /// <param name="path">The YAML file.</param>
    /// <exception cref="RecipeException">The file has mistakes.</exception>
    /// <param name="overrides">Changes of the form <c>training.epochs=5</c>, applied in order.</param>
    /// <param name="anchor">Makes the paths in the file's tree those of its folder.</param>
    internal static T LoadPart<T>(string path, IReadOnlyList<string> overrides, Action<YamlMappingNode>? anchor = null)
        where T : class => !File.Exists(path) ? throw new FileNotFoundException($"The recipe '{path}' does not exist.", path)
            : new FileInfo(path).Length <= MaxLength ? ParsePart<T>(File.ReadAllText(path), path, overrides, anchor)
            : throw new RecipeException([new(path, 0, 1, 1, $"A recipe has at most {MaxLength:N0} bytes.", "")]);

    /// <summary>Reads settings of another kind from text, with the same care.</summary>
    /// <typeparam name="T">Their record.</typeparam>
    /// <param name="text">The YAML.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="overrides">Changes of the form <c>training.epochs=5</c>, applied in order.</param>
    /// <param name="anchor">Makes the paths in the tree those of the file's folder; null where there is none.</param>
    /// <exception cref="RecipeException">The settings have mistakes.</exception>
    internal static T ParsePart<T>(string text, string name, IReadOnlyList<string> overrides, Action<YamlMappingNode>? anchor = null)
        where T : class
    {
        var source = new RecipeSource(name, text);
        var root = ReadYaml(text, source);
        source.ThrowIfAny();
        anchor?.Invoke(root!);
        foreach (string change in overrides)
        {
            RecipeOverride.Apply(root!, change, source);
        }

        source.ThrowIfAny();
        object? made = new RecipeBinder(source, PluginCatalogs.BuiltIn).Bind(root!, typeof(T));
        source.ThrowIfAny();
        return (T)made!;
    }

    /// <summary>Whether a file is YAML that has a key at its top.</summary>
    internal static bool HasKey(string path, string key)
    {
        if (new FileInfo(path) is not { Exists: true, Length: <= MaxLength })
        {
            return false;
        }

        try
        {
            return RecipeYaml.Load(File.ReadAllText(path)).Documents is [{ RootNode: YamlMappingNode root }] && root.Children.ContainsKey(new YamlScalarNode(key));
        }
        catch (YamlException)
        {
            return false;
        }
    }

    private static YamlMappingNode? ReadYaml(string text, RecipeSource source)
    {
        YamlStream stream;
        try
        {
            stream = RecipeYaml.Load(text);
        }
        catch (YamlException error)
        {
            source.Report(error.Start, 1, $"This is no YAML: {error.Message}");
            return null;
        }

        if (stream.Documents is [{ RootNode: YamlMappingNode root }])
        {
            return root;
        }

        source.Report(new Mark(0, 1, 1), 1, "A recipe is one YAML document with 'data', 'student' and, unless the student is trained alone, 'teacher' at its top.");
        return null;
    }
}
