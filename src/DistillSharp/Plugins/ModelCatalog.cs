using System.Reflection;
using DistillSharp.Graph;
using DistillSharp.Graph.Zoo;

namespace DistillSharp.Plugins;

/// <summary>The models that can be built by key: every method marked <see cref="ModelAttribute"/>.</summary>
public sealed class ModelCatalog
{
    private readonly SortedDictionary<string, (ModelEntry Entry, MethodInfo Method)> _models = new(StringComparer.Ordinal);

    /// <summary>Finds the models of some assemblies.</summary>
    /// <param name="assemblies">Where to look.</param>
    public ModelCatalog(IEnumerable<Assembly> assemblies)
    {
        ArgumentNullException.ThrowIfNull(assemblies);
        foreach (var method in assemblies.Distinct().SelectMany(assembly => assembly.GetTypes()).SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static)))
        {
            if (method.GetCustomAttribute<ModelAttribute>() is { } attribute)
            {
                var parameters = method.GetParameters();
                if (method.ReturnType != typeof(ModelGraph) || parameters.Length != 1 || !typeof(ModelOptions).IsAssignableFrom(parameters[0].ParameterType))
                {
                    throw new InvalidOperationException($"The model '{attribute.Key}' ({method.DeclaringType}.{method.Name}) must take one options record derived from ModelOptions and return a ModelGraph.");
                }

                if (!_models.TryAdd(attribute.Key, (new(attribute.Key, attribute.Summary, parameters[0].ParameterType) { Task = attribute.Task }, method)))
                {
                    throw new InvalidOperationException($"Two methods call themselves the model '{attribute.Key}'.");
                }
            }
        }
    }

    /// <summary>All models, by key.</summary>
    public IReadOnlyList<ModelEntry> All => [.. _models.Values.Select(model => model.Entry)];

    /// <summary>Finds a model.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>The model.</returns>
    /// <exception cref="UnknownPluginException">There is none.</exception>
    public ModelEntry Find(string key) => Get(key).Entry;

    /// <summary>Builds a model; its weights are drawn by <see cref="Graph.Builder.WeightInitializer"/>.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="options">Its options, of the record <see cref="ModelEntry.OptionsType"/>.</param>
    /// <returns>The graph.</returns>
    /// <exception cref="UnknownPluginException">There is no such model.</exception>
    public ModelGraph Build(string key, ModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (entry, method) = Get(key);
        if (!entry.OptionsType.IsInstanceOfType(options))
        {
            throw new ArgumentException($"The model '{key}' takes {entry.OptionsType.Name}, but was given {options.GetType().Name}.", nameof(options));
        }

        return (ModelGraph)method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [options], null)!;
    }

    private (ModelEntry Entry, MethodInfo Method) Get(string key) =>
        _models.TryGetValue(key, out var model) ? model : throw new UnknownPluginException("model", key, [.. _models.Keys]);
}

/// <summary>A model as the catalogue lists it.</summary>
/// <param name="Key">The key it is chosen by.</param>
/// <param name="Summary">What it is, in one line.</param>
/// <param name="OptionsType">Its options record.</param>
public sealed record ModelEntry(string Key, string Summary, Type OptionsType)
{
    /// <summary>The key of the task it is for: <c>classification</c> or <c>detection</c>.</summary>
    public string Task { get; init; } = "classification";
}
