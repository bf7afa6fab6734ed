namespace DistillSharp.Plugins;

/// <summary>A plug-in chosen by key, with its options: what a recipe says and what a run repeats. A value; <c>Create</c> of the catalogue makes the instance.</summary>
/// <typeparam name="TContract">The plug-ins' contract: a loss, an optimiser, a data set format, an augmentation.</typeparam>
/// <param name="Key">The plug-in's key: <c>kd</c>.</param>
/// <param name="Options">Its options record, or null if it takes none.</param>
public sealed record PluginChoice<TContract>(string Key, object? Options = null)
    where TContract : class;
