using System.Reflection;
using DistillSharp.Graph.Passes;

namespace DistillSharp.Plugins;

/// <summary>The graph passes that can be chosen by key: every class that derives from <see cref="GraphPass"/> and is marked <see cref="PassAttribute"/>.</summary>
/// <remarks>A pass has one public constructor that takes nothing or its options record, which has defaults for all.</remarks>
public sealed class PassCatalog
{
    private readonly SortedDictionary<string, Plugin> _passes = new(StringComparer.Ordinal);

    /// <summary>Finds the passes of some assemblies.</summary>
    /// <param name="assemblies">Where to look.</param>
    /// <exception cref="InvalidOperationException">Two passes have one key, or one cannot be made; the message names the classes.</exception>
    public PassCatalog(IEnumerable<Assembly> assemblies)
    {
        ArgumentNullException.ThrowIfNull(assemblies);
        foreach (var type in assemblies.Distinct().SelectMany(assembly => assembly.GetTypes()).Where(type => !type.IsAbstract && typeof(GraphPass).IsAssignableFrom(type)))
        {
            if (type.GetCustomAttribute<PassAttribute>() is not { } attribute)
            {
                continue;
            }

            var constructors = type.GetConstructors();
            if (constructors.Length != 1 || constructors[0].GetParameters() is not { Length: <= 1 } parameters || (parameters is [var only] && only.ParameterType.GetConstructor(Type.EmptyTypes) is null))
            {
                throw new InvalidOperationException($"The pass {type} must have one public constructor, which takes nothing or its options record; that has defaults for all, and a constructor without parameters.");
            }

            if (!_passes.TryAdd(attribute.Key, new(attribute.Key, attribute.Summary, type, parameters.FirstOrDefault()?.ParameterType)))
            {
                throw new InvalidOperationException($"Two classes call themselves the pass '{attribute.Key}': {_passes[attribute.Key].Implementation} and {type}.");
            }
        }
    }

    /// <summary>All passes, by key.</summary>
    public IReadOnlyCollection<Plugin> All => _passes.Values;

    /// <summary>Makes a pass.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="options">Its options record; null for the defaults.</param>
    /// <returns>The pass.</returns>
    /// <exception cref="UnknownPluginException">There is none of that key.</exception>
    /// <exception cref="ArgumentException">The options are of another pass.</exception>
    public GraphPass Create(string key, object? options = null)
    {
        var pass = _passes.TryGetValue(key, out var found) ? found : throw new UnknownPluginException("pass", key, [.. _passes.Keys]);
        if (options is not null && options.GetType() != pass.OptionsType)
        {
            throw new ArgumentException($"The pass '{key}' takes {pass.OptionsType?.Name ?? "no options"}, but was given {options.GetType().Name}.", nameof(options));
        }

        object?[] arguments = pass.OptionsType is { } type ? [options ?? Activator.CreateInstance(type)] : [];
        return (GraphPass)Activator.CreateInstance(pass.Implementation, arguments)!;
    }
}
