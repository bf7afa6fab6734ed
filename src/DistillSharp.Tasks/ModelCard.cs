using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks;

/// <summary>What travels inside a model file so that it can be used without anything beside it.</summary>
/// <param name="Task">The task's key: <c>classification</c>.</param>
/// <param name="ClassNames">The classes' names, by 0-based class.</param>
/// <param name="Input">The size and normalisation of the pictures it wants.</param>
public sealed partial record ModelCard(string Task, IReadOnlyList<string> ClassNames, ImageInput Input)
{
    /// <summary>Where the model comes from: model key, recipe, data, seed. Empty if unknown.</summary>
    public IReadOnlyDictionary<string, string> Provenance { get; init; } = new Dictionary<string, string>();
}
