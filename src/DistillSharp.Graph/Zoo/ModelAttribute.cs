namespace DistillSharp.Graph.Zoo;

/// <summary>Marks a factory of a model that a recipe can name: a static method from an options record to a graph. A catalogue finds it; there is no list to edit.</summary>
/// <param name="key">What a recipe writes, in kebab-case: <c>resnet20</c>.</param>
/// <param name="summary">One line for the lists and the documentation, with the paper.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ModelAttribute(string key, string summary) : Attribute
{
    /// <summary>What a recipe writes, in kebab-case.</summary>
    public string Key { get; } = key;

    /// <summary>One line for the lists and the documentation.</summary>
    public string Summary { get; } = summary;

    /// <summary>What the model is for, as the task's key: <c>classification</c> (default: one output <c>logits</c>) or <c>detection</c>.</summary>
    public string Task { get; init; } = "classification";
}
