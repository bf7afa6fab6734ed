namespace DistillSharp.Graph.Passes;

/// <summary>Marks a <see cref="GraphPass"/> that a user can choose by key. A catalogue finds it; there is no list to edit.</summary>
/// <param name="key">What is written on a command line, in kebab-case: <c>fold-batch-norm</c>.</param>
/// <param name="summary">One line for the lists and the documentation.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PassAttribute(string key, string summary) : Attribute
{
    /// <summary>What is written on a command line, in kebab-case.</summary>
    public string Key { get; } = key;

    /// <summary>One line for the lists and the documentation.</summary>
    public string Summary { get; } = summary;
}
