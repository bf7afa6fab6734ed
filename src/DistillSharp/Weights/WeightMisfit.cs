using DistillSharp.Graph;

namespace DistillSharp.Weights;

/// <summary>Everything that does not fit between a checkpoint and a model, told at once.</summary>
internal sealed record WeightMisfit
{
    private const int Shown = 10;

    public required IReadOnlyList<string> Missing { get; init; }

    public required IReadOnlyList<string> Unexpected { get; init; }

    public required IReadOnlyList<string> Misshapen { get; init; }

    public required IReadOnlyList<string> Unusable { get; init; }

    public void ThrowIfAny(string model)
    {
        string[] parts = [.. new[] { Part("missing", Missing), Part("unexpected", Unexpected), Part("of another shape", Misshapen), Part("no floats", Unusable) }.OfType<string>()];
        if (parts.Length > 0)
        {
            throw new GraphException($"The checkpoint does not fit the model '{model}', so nothing was loaded.{string.Concat(parts.Select(part => $"\n  {part}"))}\n"
                + "Build the model that the checkpoint was saved from (its variant and its classes), or use its own checkpoint.");
        }
    }

    private static string? Part(string what, IReadOnlyList<string> names) => names.Count == 0 ? null
        : $"{names.Count} {what}: {string.Join(", ", names.Take(Shown))}{(names.Count > Shown ? $" and {names.Count - Shown} more" : "")}";
}
