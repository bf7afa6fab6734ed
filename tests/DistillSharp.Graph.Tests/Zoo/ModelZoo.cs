using System.Reflection;
using DistillSharp.Graph.Zoo;

namespace DistillSharp.Graph.Tests.Zoo;

/// <summary>The models as a recipe finds them: through their attribute.</summary>
internal static class ModelZoo
{
    public static IReadOnlyDictionary<string, MethodInfo> Factories { get; } = typeof(ModelAttribute).Assembly.GetExportedTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .Where(method => method.GetCustomAttribute<ModelAttribute>() is not null)
        .ToDictionary(method => method.GetCustomAttribute<ModelAttribute>()!.Key, StringComparer.Ordinal);

    /// <summary>The keys of the models of one task.</summary>
    public static IEnumerable<string> KeysOf(string task) =>
        Factories.Where(model => model.Value.GetCustomAttribute<ModelAttribute>()!.Task == task).Select(model => model.Key).Order(StringComparer.Ordinal);

    public static ModelGraph Build(string key, int classes = 10, int channels = 3, int height = 32, int width = 32)
    {
        var factory = Factories[key];
        object options = Activator.CreateInstance(factory.GetParameters().Single().ParameterType)!;
        foreach (var (name, value) in new[] { ("Classes", classes), ("Channels", channels), ("Height", height), ("Width", width) })
        {
            options.GetType().GetProperty(name)!.SetValue(options, value);
        }

        return (ModelGraph)factory.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [options], null)!;
    }
}
