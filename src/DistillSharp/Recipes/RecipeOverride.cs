using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DistillSharp.Recipes;

/// <summary>Applies a change of the form <c>a.b=c</c> to a recipe's tree.</summary>
internal static class RecipeOverride
{
    /// <summary>What a section that is written as one word stands for.</summary>
    private static readonly Dictionary<string, string> s_short = new(StringComparer.Ordinal) { ["data"] = "set", ["teacher"] = "model", ["student"] = "model" };

    public static void Apply(YamlMappingNode root, string change, RecipeSource source)
    {
        int equals = change.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            source.Report(change, "An override is KEY.KEY=VALUE, as in training.epochs=5.");
            return;
        }

        string[] path = change[..equals].Trim().Split('.');
        string text = change[(equals + 1)..].Trim();
        if (text.Length == 0 || path.Any(part => part.Length == 0))
        {
            source.Report(change, "An override is KEY.KEY=VALUE, as in training.epochs=5.");
            return;
        }

        if (Parse(text, change, source) is not { } value)
        {
            return;
        }

        source.Mark(value, change);
        YamlNode node = root;
        for (int i = 0; i < path.Length; i++)
        {
            bool last = i + 1 == path.Length;
            YamlNode? next = node switch
            {
                YamlMappingNode mapping => Step(mapping, path[i], last ? value : null, path.ElementAtOrDefault(i + 1), change, source),
                YamlSequenceNode list => Step(list, path[i], last ? value : null),
                _ => null,
            };
            if (next is null)
            {
                source.Report(change, $"'{string.Join('.', path.Take(i + 1))}' leads nowhere: '{string.Join('.', path.Take(i))}' is a single value.");
                return;
            }

            node = next;
        }
    }

    private static YamlNode Step(YamlMappingNode mapping, string key, YamlNode? value, string? nextKey, string change, RecipeSource source)
    {
        var found = mapping.Children.Keys.FirstOrDefault(child => child is YamlScalarNode scalar && scalar.Value == key);
        if (value is not null)
        {
            if (found is not null)
            {
                mapping.Children.Remove(found);
            }

            Add(mapping, key, value, change, source);
            return value;
        }

        if (found is null)
        {
            Add(mapping, key, new YamlMappingNode(), change, source);
            return mapping.Children[mapping.Children.Keys.Last()];
        }

        // "model: mlp" becomes "model: {mlp: …}" where an option of mlp is set.
        if (mapping.Children[found] is YamlScalarNode chosen && chosen.Value == nextKey)
        {
            var wide = new YamlMappingNode();
            source.Mark(wide, change);
            Add(wide, nextKey!, new YamlMappingNode(), change, source);
            mapping.Children[found] = wide;
        }

        // "teacher: yolo11s" is short for "teacher: {model: yolo11s}", and becomes that where another setting of it is changed.
        if (nextKey is not null && mapping.Children[found] is YamlScalarNode { Value: { Length: > 0 } } shortened && s_short.TryGetValue(key, out string? main) && nextKey != main)
        {
            var wide = new YamlMappingNode();
            source.Mark(wide, change);
            wide.Children.Add(new YamlScalarNode(main), shortened);
            mapping.Children[found] = wide;
        }

        return mapping.Children[found];
    }

    private static YamlNode? Step(YamlSequenceNode list, string key, YamlNode? value)
    {
        if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index >= list.Children.Count)
        {
            return null;
        }

        return value is null ? list.Children[index] : list.Children[index] = value;
    }

    private static void Add(YamlMappingNode mapping, string key, YamlNode value, string change, RecipeSource source)
    {
        var name = new YamlScalarNode(key);
        source.Mark(name, change);
        if (value is YamlMappingNode { Children.Count: 0 })
        {
            source.Mark(value, change);
        }

        mapping.Children.Add(name, value);
    }

    private static YamlNode? Parse(string text, string change, RecipeSource source)
    {
        try
        {
            if (RecipeYaml.Load(text).Documents is [var document])
            {
                return document.RootNode;
            }

            source.Report(change, "The value is expected to be one YAML document.");
        }
        catch (YamlException error)
        {
            source.Report(change, $"The value is no YAML: {error.Message}");
        }

        return null;
    }
}
