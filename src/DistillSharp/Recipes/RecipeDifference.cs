using DistillSharp.Plugins;

namespace DistillSharp.Recipes;

/// <summary>What differs between two parts of recipes, value by value.</summary>
internal static class RecipeDifference
{
    /// <summary>A value that differs: its dotted key, and what it is on either side; null where it is absent.</summary>
    internal readonly record struct Change(string Key, string? Left, string? Right);

    /// <summary>Compares two parts of one type.</summary>
    public static IReadOnlyList<Change> Of(object left, object right, PluginCatalogs? plugins)
    {
        var a = Flatten(RecipeWriter.WritePart(left, plugins));
        var b = Flatten(RecipeWriter.WritePart(right, plugins));
        return
        [
            .. a.Keys.Union(b.Keys, StringComparer.Ordinal)
                .Select(key => new Change(key, a.GetValueOrDefault(key), b.GetValueOrDefault(key)))
                .Where(change => change.Left != change.Right),
        ];
    }

    /// <summary>The values of written YAML by dotted key; the writer's own form, two blanks a level.</summary>
    private static OrderedDictionary<string, string> Flatten(string yaml)
    {
        var values = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        var path = new List<string>();
        foreach (string line in yaml.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string told = line.Replace("- ", "  ", StringComparison.Ordinal).TrimStart(' ');
            int colon = told.IndexOf(':', StringComparison.Ordinal);
            int depth = Math.Min((line.Length - told.Length) / 2, path.Count);
            path.RemoveRange(depth, path.Count - depth);
            path.Add(told[..colon]);
            if (colon + 1 < told.Length)
            {
                // Two of a kind in a list share their key: both values count.
                string key = string.Join('.', path), value = told[(colon + 1)..].Trim();
                values[key] = values.TryGetValue(key, out string? before) ? $"{before}, {value}" : value;
            }
        }

        return values;
    }
}
