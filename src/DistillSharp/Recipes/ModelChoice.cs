using DistillSharp.Graph.Zoo;

namespace DistillSharp.Recipes;

/// <summary>A model of the zoo chosen by key. Classes, channels and size come from the data.</summary>
/// <param name="Key">The model's key: <c>resnet20</c>.</param>
/// <param name="Options">Its options record, or null for the defaults.</param>
public sealed record ModelChoice(string Key, ModelOptions? Options = null);
