using System.Reflection;
using DistillSharp.Graph;
using DistillSharp.Losses;
using DistillSharp.Losses.Temperatures;
using DistillSharp.Tasks;
using DistillSharp.Tasks.Data;
using DistillSharp.Training;

namespace DistillSharp.Plugins;

/// <summary>Everything that can be chosen by key. Plug-ins of a user's own assembly are found by naming it.</summary>
public sealed class PluginCatalogs
{
    private static readonly Assembly[] s_own = [typeof(ModelGraph).Assembly, typeof(ModelCard).Assembly, typeof(PluginCatalogs).Assembly];

    private readonly Assembly[] _further;

    /// <summary>Finds the built-in plug-ins and those of further assemblies.</summary>
    /// <param name="further">Assemblies that hold a user's own models, data sets and losses.</param>
    public PluginCatalogs(params IEnumerable<Assembly> further)
    {
        _further = [.. further];
        Assembly[] assemblies = [.. s_own, .. _further];
        Models = new(assemblies);
        Passes = new(assemblies);
        Datasets = new("data set", assemblies);
        Augmentations = new("augmentation", assemblies);
        Losses = new("loss", assemblies);
        Optimizers = new("optimiser", assemblies);
        Schedules = new("schedule", assemblies);
        Temperatures = new("temperature schedule", assemblies);
    }

    /// <summary>What comes with the library.</summary>
    public static PluginCatalogs BuiltIn { get; } = new();

    /// <summary>The same with the plug-ins of assembly files, which are loaded: their code runs when it is used.</summary>
    /// <param name="files">The files.</param>
    /// <exception cref="ArgumentException">A file is absent, or no .NET assembly, or holds no plug-in; the message names it.</exception>
    public PluginCatalogs WithFiles(IReadOnlyList<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return files.Count == 0 ? this : new([.. _further.Union(files.Select(PluginFile.Load))]);
    }

    /// <summary>The models.</summary>
    public ModelCatalog Models { get; }

    /// <summary>The graph passes.</summary>
    public PassCatalog Passes { get; }

    /// <summary>The data sets.</summary>
    public PluginCatalog<DatasetFormat> Datasets { get; }

    /// <summary>The augmentations.</summary>
    public PluginCatalog<Augmentation> Augmentations { get; }

    /// <summary>The distillation losses.</summary>
    public PluginCatalog<DistillationLoss> Losses { get; }

    /// <summary>The optimisers.</summary>
    public PluginCatalog<Optimizer> Optimizers { get; }

    /// <summary>The learning-rate schedules.</summary>
    public PluginCatalog<Schedule> Schedules { get; }

    /// <summary>The temperatures over a run.</summary>
    public PluginCatalog<TemperatureSchedule> Temperatures { get; }
}
