using System.Reflection;
using System.Runtime.ExceptionServices;
using DistillSharp.Tasks;

namespace DistillSharp.Plugins;

/// <summary>
/// The plug-ins of one kind: every class that is marked <see cref="PluginAttribute"/> and derives from the contract.
/// A plug-in has one public constructor that takes nothing or its options record.
/// </summary>
/// <typeparam name="TContract">The contract: a loss, an optimiser, a data set format.</typeparam>
public sealed class PluginCatalog<TContract>
    where TContract : class
{
    private readonly SortedDictionary<string, Plugin> _plugins = new(StringComparer.Ordinal);

    /// <summary>Finds the plug-ins of some assemblies.</summary>
    /// <param name="kind">What they are called in messages: <c>loss</c>.</param>
    /// <param name="assemblies">Where to look.</param>
    /// <exception cref="InvalidOperationException">Two plug-ins have one key, or one cannot be made from a recipe; the message names the classes.</exception>
    public PluginCatalog(string kind, IEnumerable<Assembly> assemblies)
    {
        ArgumentNullException.ThrowIfNull(assemblies);
        Kind = kind;
        foreach (var type in assemblies.Distinct().SelectMany(assembly => assembly.GetTypes()).Where(type => !type.IsAbstract && typeof(TContract).IsAssignableFrom(type)))
        {
            if (type.GetCustomAttribute<PluginAttribute>() is { } attribute)
            {
                Add(new(attribute.Key, attribute.Summary, type, OptionsOf(type)));
            }
        }
    }

    /// <summary>What the plug-ins are called in messages.</summary>
    public string Kind { get; }

    /// <summary>All plug-ins, by key.</summary>
    public IReadOnlyCollection<Plugin> All => _plugins.Values;

    /// <summary>Finds a plug-in.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>The plug-in.</returns>
    /// <exception cref="UnknownPluginException">There is none.</exception>
    public Plugin Find(string key) => _plugins.TryGetValue(key, out var plugin) ? plugin : throw new UnknownPluginException(Kind, key, [.. _plugins.Keys]);

    /// <summary>Makes an instance.</summary>
    /// <param name="choice">The key, and the options; null options are the defaults.</param>
    /// <returns>The instance.</returns>
    public TContract Create(PluginChoice<TContract> choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var plugin = Find(choice.Key);
        if (choice.Options is { } given && given.GetType() != plugin.OptionsType)
        {
            throw new ArgumentException($"The {Kind} '{plugin.Key}' takes {plugin.OptionsType?.Name ?? "no options"}, but was given {given.GetType().Name}.", nameof(choice));
        }

        try
        {
            object?[] arguments = plugin.OptionsType is { } options ? [choice.Options ?? Activator.CreateInstance(options)] : [];
            return (TContract)Activator.CreateInstance(plugin.Implementation, arguments)!;
        }
        catch (TargetInvocationException error) when (error.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }

    private static Type? OptionsOf(Type type)
    {
        var constructors = type.GetConstructors();
        return constructors.Length == 1 && constructors[0].GetParameters() is { Length: <= 1 } parameters && (parameters is not [var options] || IsOptions(options.ParameterType))
            ? parameters.FirstOrDefault()?.ParameterType
            : throw new InvalidOperationException($"The plug-in {type} must have one public constructor, which takes nothing or its options record; that has defaults for all, and a constructor without parameters.");
    }

    private static bool IsOptions(Type type) => type is { IsClass: true, IsAbstract: false } && type != typeof(string) && type.GetConstructor(Type.EmptyTypes) is not null;

    private void Add(Plugin plugin)
    {
        if (!_plugins.TryAdd(plugin.Key, plugin))
        {
            throw new InvalidOperationException($"Two plug-ins call themselves the {Kind} '{plugin.Key}': {_plugins[plugin.Key].Implementation} and {plugin.Implementation}.");
        }
    }
}
