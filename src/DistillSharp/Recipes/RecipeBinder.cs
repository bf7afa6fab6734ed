using System.Collections;
using System.Globalization;
using System.Reflection;
using DistillSharp.Detection;
using DistillSharp.Graph;
using DistillSharp.Plugins;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DistillSharp.Recipes;

/// <summary>Turns a tree of YAML into records, and says what does not fit where it stands.</summary>
internal sealed class RecipeBinder(RecipeSource source, PluginCatalogs plugins)
{
    private readonly List<object> _made = [];

    /// <summary>Whether a node is written but empty.</summary>
    public static bool IsNull(YamlNode node) => node is YamlScalarNode { Value: "" or "null" or "~", Style: ScalarStyle.Plain };

    /// <summary>The settings of a type that were bound without a mistake, even where others were not; null if there are none.</summary>
    /// <typeparam name="T">A record that a recipe holds once.</typeparam>
    public T? Made<T>() => _made.OfType<T>().FirstOrDefault();

    /// <summary>Binds a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="type">The type wanted.</param>
    /// <returns>The value; null after a mistake was reported.</returns>
    public object? Bind(YamlNode node, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return BindList(node, type.GetGenericArguments()[0]);
        }

        if (type == typeof(ModelChoice))
        {
            return BindChoice(node, key => plugins.Models.Find(key).OptionsType, (key, options) => new ModelChoice(key, (Graph.Zoo.ModelOptions?)options));
        }

        if (type == typeof(DetectorChoice))
        {
            return BindChoice(node, key => new DetectorChoice(key).IsFile ? null : plugins.Models.Find(key).OptionsType, (key, options) => new DetectorChoice(key, (Graph.Zoo.ModelOptions?)options));
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(PluginChoice<>))
        {
            return BindChoice(node, key => OptionsOf(type.GetGenericArguments()[0], key), (key, options) => Activator.CreateInstance(type, key, options)!);
        }

        if (type.IsEnum)
        {
            return BindWord(node, type);
        }

        return type == typeof(string) || type.IsPrimitive ? BindScalar(node, type) : BindRecord(node, type);
    }

    private object? BindRecord(YamlNode node, Type type)
    {
        // "data: mnist" is short for "data: {set: mnist}"; "student: resnet8" for "student: {model: resnet8}".
        if (node is YamlScalarNode && RecipeNames.Properties(type).FirstOrDefault(property => property.Name is "Set" or "Model") is { } main)
        {
            return Bind(node, main.PropertyType) is { } value ? Keep(Create(node, type, [(main, node, value)])) : null;
        }

        if (node is not YamlMappingNode mapping)
        {
            return Refuse(node, "Settings are expected here, as 'key: value' lines.");
        }

        var properties = RecipeNames.Properties(type).ToDictionary(property => RecipeNames.Of(property.Name), StringComparer.Ordinal);
        var values = new List<(PropertyInfo, YamlNode, object)>();
        bool sound = true;
        foreach (var (keyNode, valueNode) in mapping.Children)
        {
            string key = (keyNode as YamlScalarNode)?.Value ?? "";
            if (!properties.TryGetValue(key, out var property))
            {
                source.Report(keyNode, $"The key '{key}' is not known here. {Suggest(key, properties.Keys)}");
                sound = false;
            }
            else if (IsNull(valueNode))
            {
                if (IsRequired(property) || (Nullable.GetUnderlyingType(property.PropertyType) is null && property.PropertyType.IsValueType))
                {
                    source.Report(keyNode, $"'{key}' has no value.");
                    sound = false;
                }
            }
            else if (Bind(valueNode, property.PropertyType) is { } value)
            {
                values.Add((property, valueNode, value));
            }
            else
            {
                sound = false;
            }
        }

        foreach (var property in properties.Values.Where(IsRequired))
        {
            string key = RecipeNames.Of(property.Name);
            if (!mapping.Children.Keys.Any(child => child is YamlScalarNode scalar && scalar.Value == key))
            {
                source.Report(node, $"The key '{key}' is missing here.");
                sound = false;
            }
        }

        return Create(node, type, values) is { } made && sound ? Keep(made) : null;
    }

    private object? Keep(object? made)
    {
        if (made is not null)
        {
            _made.Add(made);
        }

        return made;
    }

    private static bool IsRequired(PropertyInfo property) => property.GetCustomAttribute<System.Runtime.CompilerServices.RequiredMemberAttribute>() is not null;

    private object? Create(YamlNode node, Type type, IReadOnlyList<(PropertyInfo Property, YamlNode Node, object Value)> values)
    {
        object made;
        try
        {
            made = Activator.CreateInstance(type)!;
        }
        catch (MissingMethodException)
        {
            return Refuse(node, $"{type.Name} cannot be made from a recipe: it has no constructor without parameters.");
        }

        bool sound = true;
        foreach (var (property, place, value) in values)
        {
            try
            {
                property.SetValue(made, value);
            }
            catch (TargetInvocationException error) when (error.InnerException is ArgumentException inner)
            {
                source.Report(place, inner.Message.Split(" (Parameter", 2)[0]);
                sound = false;
            }
        }

        return sound ? made : null;
    }

    private object? BindList(YamlNode node, Type element)
    {
        // One value stands for a list of one.
        IEnumerable<YamlNode> nodes = node is YamlSequenceNode list ? list.Children : [node];
        var values = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        bool sound = true;
        foreach (var child in nodes)
        {
            if (Bind(child, element) is { } value)
            {
                values.Add(value);
            }
            else
            {
                sound = false;
            }
        }

        return sound ? values : null;
    }

    private object? BindChoice(YamlNode node, Func<string, Type?> optionsOf, Func<string, object?, object> make)
    {
        var (keyNode, optionsNode) = node switch
        {
            YamlScalarNode scalar => (scalar, null),
            YamlMappingNode { Children.Count: 1 } mapping when mapping.Children.First() is { Key: YamlScalarNode key } pair => (key, pair.Value),
            _ => ((YamlScalarNode?)null, (YamlNode?)null),
        };
        if (keyNode is null)
        {
            return Refuse(node, "One choice is expected here: a key, or 'key: {options}'.");
        }

        string name = keyNode.Value ?? "";
        Type? options;
        try
        {
            options = optionsOf(name);
        }
        catch (UnknownPluginException error)
        {
            return Refuse(keyNode, error.Message);
        }

        if (optionsNode is null or YamlScalarNode { Value: "" or "null" or "~" } or YamlMappingNode { Children.Count: 0 })
        {
            return make(name, options is null ? null : Activator.CreateInstance(options));
        }

        if (options is null)
        {
            return Refuse(optionsNode, $"'{name}' takes no options.");
        }

        return BindRecord(optionsNode, options) is { } bound ? make(name, bound) : null;
    }

    private Type? OptionsOf(Type contract, string key) =>
        contract == typeof(Tasks.Data.DatasetFormat) ? plugins.Datasets.Find(key).OptionsType
        : contract == typeof(Tasks.Data.Augmentation) ? plugins.Augmentations.Find(key).OptionsType
        : contract == typeof(Losses.DistillationLoss) ? plugins.Losses.Find(key).OptionsType
        : contract == typeof(Training.Optimizer) ? plugins.Optimizers.Find(key).OptionsType
        : contract == typeof(Losses.Temperatures.TemperatureSchedule) ? plugins.Temperatures.Find(key).OptionsType
        : plugins.Schedules.Find(key).OptionsType;

    private object? BindWord(YamlNode node, Type type)
    {
        var words = Enum.GetNames(type).ToDictionary(RecipeNames.Of, name => Enum.Parse(type, name), StringComparer.Ordinal);
        return node is not YamlScalarNode { Value: { } text } ? Refuse(node, $"One word is expected here: {string.Join(", ", words.Keys)}.")
            : words.TryGetValue(text, out object? value) ? value
            : Refuse(node, $"'{text}' is not known here. {Suggest(text, words.Keys)}");
    }

    private object? BindScalar(YamlNode node, Type type)
    {
        if (node is not YamlScalarNode { Value: { } text } scalar)
        {
            return Refuse(node, $"{Describe(type)} is expected here.");
        }

        object? value = Type.GetTypeCode(type) switch
        {
            TypeCode.String => text,
            TypeCode.Boolean => text switch { "true" or "yes" or "on" => true, "false" or "no" or "off" => false, _ => null },
            TypeCode.Int32 => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int i) ? i : null,
            TypeCode.Int64 => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long l) ? l : null,
            TypeCode.Double => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double d) && double.IsFinite(d) ? d : null,
            _ => throw new NotSupportedException($"Recipes hold no {type}."),
        };
        return value ?? Refuse(scalar, $"{Describe(type)} is expected here, but '{text}' was given.");
    }

    private object? Refuse(YamlNode node, string message)
    {
        source.Report(node, message);
        return null;
    }

    private static string Describe(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "true or false",
        TypeCode.Int32 or TypeCode.Int64 => "A whole number",
        TypeCode.Double => "A number",
        _ => "A text",
    };

    private static string Suggest(string key, IEnumerable<string> known) =>
        NearMiss.Of(key, known) is { } near ? $"Did you mean '{near}'?" : $"Known are {string.Join(", ", known)}.";
}
