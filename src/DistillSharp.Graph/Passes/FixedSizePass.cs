using System.Globalization;
using DistillSharp.Graph.Analysis;

namespace DistillSharp.Graph.Passes;

/// <summary>Gives free dimensions a size: a model for exactly one batch or picture size, of which more can be folded.</summary>
/// <param name="sizes">For each named dimension its size, 1 or more; the key <c>?</c> stands for those without a name.</param>
public sealed class FixedSizePass(IReadOnlyDictionary<string, long> sizes) : GraphPass
{
    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        var names = graph.Inputs.SelectMany(input => input.Shape ?? []).Where(size => size.Size is null).Select(size => size.ToString()).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, size) in sizes)
        {
            if (size < 1 || !names.Contains(name))
            {
                string free = names.Count == 0 ? "none is free" : $"free are {string.Join(", ", names.Order(StringComparer.Ordinal))}";
                throw new GraphException($"The dimension '{name}' cannot be fixed to {size.ToString(CultureInfo.InvariantCulture)}: {(size < 1 ? "a size is 1 or more" : free)}.");
            }
        }

        for (int i = 0; i < graph.Inputs.Count; i++)
        {
            graph.Inputs[i] = Fixed(graph.Inputs[i], unnamed: true);
        }

        graph.KnownValues.Clear();
        ShapeInference.Infer(graph);
        for (int i = 0; i < graph.Outputs.Count; i++)
        {
            var told = Fixed(graph.Outputs[i], unnamed: false);
            graph.Outputs[i] = ShapeInference.Find(graph, told.Name)?.Shape is { } known ? told with { Shape = known } : told;
        }

        changes.Add("dimensions fixed", sizes.Count);
    }

    private GraphValue Fixed(GraphValue value, bool unnamed) => value.Shape is null ? value : value with
    {
        Shape = [.. value.Shape.Select(size => size.Size is null && (size.Symbol is not null || unnamed) && sizes.TryGetValue(size.ToString(), out long told) ? Dimension.Of(told) : size)],
    };
}
