using DistillSharp.Graph;
using DistillSharp.Graph.Passes;
using DistillSharp.Tasks;

namespace DistillSharp.Runs;

/// <summary>Puts a classifier's outputs and the names on its card into the data's order.</summary>
internal static class ClassReordering
{
    /// <summary>Reorders a model.</summary>
    /// <param name="graph">The model, with a card; it is not changed.</param>
    /// <param name="order">Which of its classes is which of the data's.</param>
    /// <param name="names">The data's class names.</param>
    public static ModelGraph Apply(ModelGraph graph, ClassOrder order, IReadOnlyList<string> names)
    {
        var reordered = new ReorderClassesPass(order.FromModel).Apply(graph).Graph;
        var card = ModelCard.FromMetadata(new Dictionary<string, string>(reordered.Metadata))!;
        foreach (var (key, value) in (card with { ClassNames = names }).ToMetadata())
        {
            reordered.Metadata[key] = value;
        }

        return reordered;
    }
}
