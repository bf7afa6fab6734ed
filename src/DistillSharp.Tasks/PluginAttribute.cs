namespace DistillSharp.Tasks;

/// <summary>Marks a class that a recipe can name: a data set, an augmentation, a loss, an optimiser, a schedule, an observer.</summary>
/// <remarks>The class has one public constructor that takes its options record, or nothing. A catalogue finds it; there is no list to edit.</remarks>
/// <param name="key">What a recipe writes, in kebab-case: <c>kd</c>, <c>image-folder</c>.</param>
/// <param name="summary">One line for the lists and the documentation.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PluginAttribute(string key, string summary) : Attribute
{
    /// <summary>What a recipe writes, in kebab-case.</summary>
    public string Key { get; } = key;

    /// <summary>One line for the lists and the documentation.</summary>
    public string Summary { get; } = summary;
}
