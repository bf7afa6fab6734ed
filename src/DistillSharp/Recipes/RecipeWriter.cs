using System.Collections;
using System.Globalization;
using System.Text;
using DistillSharp.Detection;
using DistillSharp.Plugins;

namespace DistillSharp.Recipes;

/// <summary>Writes a recipe with every value it will use: what is written runs again and gives the same.</summary>
public static class RecipeWriter
{
    /// <summary>Writes a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="plugins">What was chosen from; null for what is built in.</param>
    /// <returns>YAML.</returns>
    public static string Write(Recipe recipe, PluginCatalogs? plugins = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return WritePart(recipe, plugins);
    }

    /// <summary>Writes a part of a recipe, such as its training options.</summary>
    internal static string WritePart(object recipe, PluginCatalogs? plugins)
    {
        var text = new StringBuilder();
        WriteRecord(text, recipe, 0, plugins ?? PluginCatalogs.BuiltIn);
        return text.ToString();
    }

    private static void WriteRecord(StringBuilder text, object record, int depth, PluginCatalogs plugins)
    {
        foreach (var property in RecipeNames.Properties(record.GetType()))
        {
            if (property.GetValue(record) is { } value and not TeacherSettings { Exists: false })
            {
                text.Append(' ', 2 * depth).Append(RecipeNames.Of(property.Name)).Append(':');
                WriteValue(text, value, depth, plugins);
            }
        }
    }

    private static void WriteValue(StringBuilder text, object value, int depth, PluginCatalogs plugins)
    {
        switch (value)
        {
            case string or bool or int or long or double or Enum:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
            case DetectorChoice { Options: null } choice:
                text.Append(' ').Append(Scalar(choice.Name)).Append('\n');
                break;
            case IEnumerable list:
                WriteList(text, [.. list.Cast<object>()], depth, plugins);
                break;
            default:
                if (ChoiceOf(value, plugins) is var (key, options))
                {
                    text.Append('\n');
                    WriteChoice(text, key, options, depth + 1, plugins);
                }
                else
                {
                    text.Append('\n');
                    WriteRecord(text, value, depth + 1, plugins);
                }

                break;
        }
    }

    private static void WriteList(StringBuilder text, IReadOnlyList<object> items, int depth, PluginCatalogs plugins)
    {
        if (items.All(item => item is string or int or long or double))
        {
            text.Append(CultureInfo.InvariantCulture, $" [{string.Join(", ", items.Select(Scalar))}]\n");
            return;
        }

        text.Append('\n');
        foreach (object item in items)
        {
            var inner = new StringBuilder();
            if (ChoiceOf(item, plugins) is var (key, options))
            {
                WriteChoice(inner, key, options, depth + 2, plugins);
            }
            else
            {
                WriteRecord(inner, item, depth + 2, plugins);
            }

            text.Append(' ', 2 * (depth + 1)).Append("- ").Append(inner.ToString().TrimStart(' '));
        }
    }

    private static void WriteChoice(StringBuilder text, string key, object? options, int depth, PluginCatalogs plugins)
    {
        bool any = options is not null && RecipeNames.Properties(options.GetType()).Count > 0;
        text.Append(' ', 2 * depth).Append(key).Append(any ? ":\n" : ": {}\n");
        if (any)
        {
            WriteRecord(text, options!, depth + 1, plugins);
        }
    }

    /// <summary>The key of a choice and its options; defaults are written out.</summary>
    private static (string Key, object? Options)? ChoiceOf(object value, PluginCatalogs plugins)
    {
        switch (value)
        {
            case ModelChoice model:
                return (model.Key, model.Options ?? Activator.CreateInstance(plugins.Models.Find(model.Key).OptionsType));
            case DetectorChoice detector:
                return (detector.Name, detector.Options);
            case PluginChoice<Tasks.Data.DatasetFormat> choice:
                return (choice.Key, choice.Options ?? Default(plugins.Datasets.Find(choice.Key)));
            case PluginChoice<Tasks.Data.Augmentation> choice:
                return (choice.Key, choice.Options ?? Default(plugins.Augmentations.Find(choice.Key)));
            case PluginChoice<Losses.DistillationLoss> choice:
                return (choice.Key, choice.Options ?? Default(plugins.Losses.Find(choice.Key)));
            case PluginChoice<Training.Optimizer> choice:
                return (choice.Key, choice.Options ?? Default(plugins.Optimizers.Find(choice.Key)));
            case PluginChoice<Training.Schedule> choice:
                return (choice.Key, choice.Options ?? Default(plugins.Schedules.Find(choice.Key)));
            case PluginChoice<Losses.Temperatures.TemperatureSchedule> choice:
                return (choice.Key, choice.Options ?? Default(plugins.Temperatures.Find(choice.Key)));
            default:
                return null;
        }
    }

    private static object? Default(Plugin plugin) => plugin.OptionsType is { } type ? Activator.CreateInstance(type) : null;

    private static string Scalar(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        Enum word => RecipeNames.Of(word.ToString()),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        string text => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/') && char.IsAsciiLetter(text[0]) && text is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off")
            ? text
            : $"\"{string.Concat(text.Select(Escaped))}\"",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Escaped(char c) => c switch
    {
        '\\' or '"' => $"\\{c}",
        _ when c is < ' ' or (>= '\x7F' and <= '\xA0') or '\u2028' or '\u2029' or '\uFEFF' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
        _ => c.ToString(),
    };
}
