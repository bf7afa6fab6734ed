using System.Globalization;
using DistillSharp.Recipes;
using DistillSharp.Tasks.Data;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DistillSharp.Detection.Data;

/// <summary>What a data.yaml says: where the pictures are, and the classes' names.</summary>
/// <param name="File">The file's full path.</param>
/// <param name="Root">The <c>path</c> key as written, or null.</param>
/// <param name="Names">The classes' names.</param>
/// <param name="Train">The training entries as written: folders, lists, annotation files.</param>
/// <param name="Validation">The validation entries.</param>
/// <param name="Test">The test entries; empty where there are none.</param>
/// <param name="HasDownload">Whether it holds a <c>download</c> key, which is not followed.</param>
internal sealed record DataYaml(
    string File, string? Root, IReadOnlyList<string> Names, IReadOnlyList<string> Train, IReadOnlyList<string> Validation, IReadOnlyList<string> Test, bool HasDownload)
{
    private const long MaxBytes = 16L << 20;
    private const int MaxClasses = 100_000;

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataException">It is no YAML, or a key is missing or wrong; the message names file and line.</exception>
    public static DataYaml Load(string path)
    {
        string text;
        try
        {
            var information = new FileInfo(path);
            if (information.Length > MaxBytes)
            {
                throw new DataException($"{path}: {information.Length:N0} bytes; a data.yaml has at most {MaxBytes:N0}.");
            }

            text = System.IO.File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{path}' cannot be read: {error.Message}", error);
        }

        return Parse(path, text);
    }

    /// <summary>Reads a text.</summary>
    public static DataYaml Parse(string path, string text)
    {
        YamlStream stream;
        try
        {
            stream = RecipeYaml.Load(text);
        }
        catch (YamlException error)
        {
            throw new DataException($"{path}({error.Start.Line},{error.Start.Column}): {error.Message}", error);
        }

        if (stream.Documents is not [{ RootNode: YamlMappingNode root }])
        {
            throw new DataException($"{path}: a data.yaml is one map with the keys path, train, val, names.");
        }

        var names = ReadNames(path, root);
        if (Find(root, "nc") is { } count && (!int.TryParse(Text(path, count, "nc"), NumberStyles.None, CultureInfo.InvariantCulture, out int nc) || nc != names.Length))
        {
            throw At(path, count, $"'names' length {names.Length} and 'nc: {count}' must match. Correct one of them.");
        }

        return new(
            path, Find(root, "path") is { } node ? Text(path, node, "path") : null, names,
            Entries(path, root, "train", required: true), Entries(path, root, Find(root, "val") is null && Find(root, "validation") is not null ? "validation" : "val", required: true),
            Entries(path, root, "test", required: false), Find(root, "download") is { } download && download.ToString().Length > 0);
    }

    private static string[] ReadNames(string path, YamlMappingNode root)
    {
        switch (Find(root, "names"))
        {
            case null:
                throw new DataException($"{path}: 'names:' key missing. Every data.yaml names its classes: a list (names: [cat, dog]) or a map (0: cat, 1: dog).");
            case YamlSequenceNode list when list.Children.Count is > 0 and <= MaxClasses:
                return [.. list.Children.Select(node => Text(path, node, "names"))];
            case YamlMappingNode map when map.Children.Count is > 0 and <= MaxClasses:
                string?[] names = new string?[map.Children.Count];
                foreach (var (key, value) in map.Children)
                {
                    if (!int.TryParse(key.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index >= names.Length || names[index] is not null)
                    {
                        throw At(path, key, $"{names.Length}-class dataset requires class indices 0-{names.Length - 1}, but '{key}' is invalid. Number the classes from 0 without a gap.");
                    }

                    names[index] = Text(path, value, "names");
                }

                return [.. names.Select(name => name!)];
            case var other:
                throw At(path, other, $"'names' must be a list or a map of 1 to {MaxClasses:N0} classes.");
        }
    }

    private static string[] Entries(string path, YamlMappingNode root, string key, bool required)
    {
        var node = Find(root, key);
        string[] entries = node switch
        {
            null => [],
            YamlSequenceNode list => [.. list.Children.Select(item => Text(path, item, key))],
            _ => Text(path, node, key) is { Length: > 0 } one and not "null" and not "~" ? [one] : [],
        };
        return entries.Length == 0 && required
            ? throw new DataException($"{path}: '{key}:' key missing. 'train' and 'val' are required in every data.yaml: a folder of pictures, a list file (.txt), or several of them.")
            : entries;
    }

    private static string Text(string path, YamlNode node, string key) =>
        node is YamlScalarNode { Value: { } value } ? value : throw At(path, node, $"'{key}' must be text here, not a list or a map.");

    private static YamlNode? Find(YamlMappingNode map, string key) =>
        map.Children.FirstOrDefault(pair => pair.Key is YamlScalarNode { Value: { } value } && value == key).Value;

    private static DataException At(string path, YamlNode node, string message) => new($"{path}({node.Start.Line},{node.Start.Column}): {message}");
}
