using DistillSharp.Graph.Analysis;

namespace DistillSharp.Graph.Passes;

/// <summary>Makes inner values outputs too, after the outputs there are: features for distillation, or activations to calibrate on.</summary>
/// <param name="values">The values' names.</param>
public sealed class TapPass(params IReadOnlyList<string> values) : GraphPass
{
    /// <inheritdoc/>
    protected override void Rewrite(ModelGraph graph, PassChanges changes)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(changes);
        var made = graph.Nodes.SelectMany(node => node.Outputs).Where(name => name.Length > 0).ToHashSet(StringComparer.Ordinal);
        string[] unknown = [.. values.Where(value => !made.Contains(value))];
        if (unknown.Length > 0)
        {
            throw new GraphException($"No node makes {string.Join(", ", unknown.Select(name => $"'{name}'"))}. There are {string.Join(", ", made.Take(20).Select(name => $"'{name}'"))}{(made.Count > 20 ? $" and {made.Count - 20} more" : "")}.");
        }

        ShapeInference.Infer(graph);
        foreach (string value in values.Where(value => graph.Outputs.All(output => output.Name != value)))
        {
            // Without a type a runtime cannot open the model, and float is what nearly every value is.
            var known = ShapeInference.Find(graph, value);
            graph.Outputs.Add(known is { Type: not ElementType.Undefined } ? known : new(value, ElementType.Float32, known?.Shape));
            graph.KnownValues.Remove(value);
            changes.Add("values tapped");
        }
    }
}
