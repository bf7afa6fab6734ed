using System.Reflection;
using System.Runtime.Loader;
using DistillSharp.Graph.Passes;
using DistillSharp.Graph.Zoo;
using DistillSharp.Tasks;

namespace DistillSharp.Plugins;

/// <summary>Loads an assembly of a user's own plug-ins.</summary>
internal static class PluginFile
{
    /// <summary>The assembly of a file.</summary>
    /// <exception cref="ArgumentException">It is absent, or no .NET assembly, or holds no plug-in; the message names it.</exception>
    public static Assembly Load(string path)
    {
        string full = Path.GetFullPath(path);
        if (!File.Exists(full))
        {
            throw new ArgumentException($"The plug-in assembly '{path}' does not exist. Build its project, and name the .dll.", nameof(path));
        }

        Assembly assembly;
        try
        {
            // In the default context its contracts are ours: a plug-in with its own copy of the library would derive from other types.
            assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(full);
        }
        catch (Exception error) when (error is BadImageFormatException or FileLoadException)
        {
            throw new ArgumentException($"'{path}' is no .NET assembly that can be loaded here: {error.Message}", nameof(path), error);
        }

        return Types(assembly, path).Any(IsPlugin) ? assembly
            : throw new ArgumentException($"The assembly '{path}' holds no plug-in: no class is marked [Plugin] or [Pass], and no method [Model].", nameof(path));
    }

    private static Type[] Types(Assembly assembly, string path)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException error)
        {
            throw new ArgumentException($"The assembly '{path}' does not fit this version: {error.LoaderExceptions.FirstOrDefault()?.Message}", nameof(path), error);
        }
    }

    private static bool IsPlugin(Type type) => type.GetCustomAttribute<PluginAttribute>() is not null || type.GetCustomAttribute<PassAttribute>() is not null
        || type.GetMethods(BindingFlags.Public | BindingFlags.Static).Any(method => method.GetCustomAttribute<ModelAttribute>() is not null);
}
